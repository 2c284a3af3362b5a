using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.SharpnessAware;

namespace ImageQuickstart;

/// <summary>What the command line asks for.</summary>
sealed record Arguments(string Model, string Folder, string? TestFolder, SharpnessRule Sharpness, ImageNetwork Network, int Epochs, int BatchSize)
{
    static readonly Dictionary<string, Func<double?, SharpnessRule>> Rules = new()
    {
        ["sam"] = rho => rho is null ? new Sam() : new Sam(rho.Value),
        ["asam"] = rho => rho is null ? new Asam() : new Asam(rho.Value),
        ["friendlysam"] = rho => rho is null ? new FriendlySam() : new FriendlySam(new Sam(rho.Value)),
        ["plain"] = rho => rho is null ? new Plain() : throw new ArgumentException("Plain training has no radius: leave --rho out, or choose another --rule."),
    };

    static readonly Dictionary<string, ImageNetwork> Networks = new()
    {
        ["resnet8"] = new CifarResNet(Depth: 8),
        ["resnet20"] = new CifarResNet(Depth: 20),
        ["resnet18"] = new ResNet18(),
    };

    /// <summary>The command line, which starts the training.</summary>
    public static RootCommand Command(Action<Arguments> train)
    {
        Option<string> model = new("--model") { HelpName = "FILE", Required = true, Description = "Where to save the model, FILE.zip; the result of the test goes beside it, into FILE.txt." };
        Option<string> folder = new("--folder") { HelpName = "DIR", Required = true, Description = "The images to train on: one folder for each class." };
        Option<string?> test = new("--test") { HelpName = "DIR", Description = "The images to test on; by default a fifth of the others, which is then not trained on." };
        Option<string> rule = new("--rule") { Description = "The method.", DefaultValueFactory = _ => "sam" };
        Option<double?> rho = new("--rho") { HelpName = "NUMBER", Description = "The radius of the perturbation; the rule's own by default." };
        Option<int> epochs = new("--epochs") { HelpName = "N", Description = "Passes over the images.", DefaultValueFactory = _ => 2 };
        Option<int> batch = new("--batch") { HelpName = "N", Description = "Images in a step.", DefaultValueFactory = _ => 128 };
        Option<string> network = new("--network") { Description = "The network.", DefaultValueFactory = _ => "resnet8" };
        rule.AcceptOnlyFromAmong([.. Rules.Keys]);
        network.AcceptOnlyFromAmong([.. Networks.Keys]);
        epochs.Validators.Add(RequireOneOrMore);
        batch.Validators.Add(RequireOneOrMore);

        RootCommand command = new("Trains a network to classify images, tests it, and saves it as an ML.NET model.") { model, folder, test, rule, rho, epochs, batch, network };
        command.SetAction(parsed => train(new Arguments(
            parsed.GetRequiredValue(model),
            parsed.GetRequiredValue(folder),
            parsed.GetValue(test),
            Rules[parsed.GetRequiredValue(rule)](parsed.GetValue(rho)),
            Networks[parsed.GetRequiredValue(network)],
            parsed.GetValue(epochs),
            parsed.GetValue(batch))));
        return command;
    }

    static void RequireOneOrMore(OptionResult result)
    {
        if (result.GetValueOrDefault<int>() < 1)
            result.AddError($"{result.Option.Name} must be 1 or more.");
    }
}
