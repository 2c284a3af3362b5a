using System.Globalization;
using Microsoft.ML.SharpnessAware;

namespace ImageQuickstart;

/// <summary>What the command line asks for.</summary>
sealed record Arguments
{
    public const string Usage = """
        usage: ImageQuickstart --model FILE --folder DIR [OPTIONS]

          --model FILE     where to save the model, FILE.zip; the test's result goes beside it, into FILE.txt
          --folder DIR     the images to train on: one folder for each class
          --test DIR       the images to test on; by default a fifth of the others, which is then not trained on
          --rule RULE      sam (default), asam, friendlysam or plain
          --rho NUMBER     the radius of the perturbation; the rule's own by default
          --epochs N       passes over the images; 2 by default
          --batch N        images in a step; 128 by default
          --network NAME   resnet8 (default), resnet20 or resnet18
        """;

    public string Model { get; init; } = "";

    public string Folder { get; init; } = "";

    public string? TestFolder { get; init; }

    public SharpnessRule Sharpness { get; init; } = new Sam();

    public ImageNetwork Network { get; init; } = new CifarResNet(Depth: 8);

    public int Epochs { get; init; } = 2;

    public int BatchSize { get; init; } = 128;

    /// <exception cref="UsageException">There is an option too many, a value too few, or one that cannot be.</exception>
    public static Arguments Parse(string[] args)
    {
        var arguments = new Arguments();
        var (rule, rho) = ("sam", default(double?));
        for (var i = 0; i < args.Length; i += 2)
        {
            var (option, value) = (args[i], args.ElementAtOrDefault(i + 1) ?? throw new UsageException($"{args[i]} lacks its value."));
            switch (option)
            {
                case "--rule": rule = value; break;
                case "--rho": rho = Number(option, value); break;
                default: arguments = arguments.With(option, value); break;
            }
        }

        if (arguments.Model == "" || arguments.Folder == "")
            throw new UsageException("--model and --folder are needed.");
        return arguments with { Sharpness = Rule(rule, rho) };
    }

    Arguments With(string option, string value) => option switch
    {
        "--model" => this with { Model = value },
        "--folder" => this with { Folder = value },
        "--test" => this with { TestFolder = value },
        "--epochs" => this with { Epochs = Count(option, value) },
        "--batch" => this with { BatchSize = Count(option, value) },
        "--network" => this with { Network = NetworkNamed(value) },
        _ => throw new UsageException($"There is no option '{option}'."),
    };

    static SharpnessRule Rule(string name, double? rho) => (name, rho) switch
    {
        ("sam", null) => new Sam(),
        ("sam", { } radius) => new Sam(radius),
        ("asam", null) => new Asam(),
        ("asam", { } radius) => new Asam(radius),
        ("friendlysam", null) => new FriendlySam(),
        ("friendlysam", { } radius) => new FriendlySam(new Sam(radius)),
        ("plain", null) => new Plain(),
        ("plain", _) => throw new UsageException("--rule plain has no --rho."),
        _ => throw new UsageException($"--rule must be sam, asam, friendlysam or plain, but was '{name}'."),
    };

    static ImageNetwork NetworkNamed(string name) => name switch
    {
        "resnet8" => new CifarResNet(Depth: 8),
        "resnet20" => new CifarResNet(Depth: 20),
        "resnet18" => new ResNet18(),
        _ => throw new UsageException($"--network must be resnet8, resnet20 or resnet18, but was '{name}'."),
    };

    static int Count(string option, string value) => int.TryParse(value, CultureInfo.InvariantCulture, out var count) && count > 0
        ? count
        : throw new UsageException($"{option} must be a whole number above 0, but was '{value}'.");

    static double Number(string option, string value) => double.TryParse(value, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0
        ? number
        : throw new UsageException($"{option} must be a number of 0 or more, but was '{value}'.");
}
