using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MlnetSam;

/// <summary>The library's networks by the names of their records; a number behind the name is the record's depth, as in CifarResNet8.</summary>
static partial class NetworkNames
{
    const string Depth = "Depth";

    /// <summary>Networks for images.</summary>
    public static IReadOnlyList<string> ForImages { get; } = Of(typeof(ImageNetwork));

    /// <summary>Networks for texts.</summary>
    public static IReadOnlyList<string> ForTexts { get; } = Of(typeof(TextNetwork));

    /// <summary>The network for images of that name, which starts from the file of weights if there is one.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static ImageNetwork ImageNetwork(string name, string? weights)
    {
        var network = (ImageNetwork)Create(name, ForImages);
        return weights is null ? network : network with { Weights = weights };
    }

    /// <summary>The network for texts of that name; weights are a file, or for BertEncoder a folder of Hugging Face's form.</summary>
    /// <exception cref="ArgumentException">There is none of that name, or the weights that it needs are missing.</exception>
    public static TextNetwork TextNetwork(string name, string? weights)
    {
        if (Names.Find(name, ForTexts) == nameof(BertEncoder))
            return BertEncoder.FromFolder(weights ?? throw new ArgumentException("BertEncoder starts from trained weights: give --weights FOLDER, a folder with config.json, model.safetensors and the vocabulary."));
        var network = (TextNetwork)Create(name, ForTexts);
        return weights is null ? network : network with { Weights = weights };
    }

    /// <summary>Checks the name alone.</summary>
    /// <exception cref="ArgumentException">There is no such network for texts.</exception>
    public static void RequireText(string name)
    {
        if (Names.Find(name, ForTexts) != nameof(BertEncoder))
            Create(name, ForTexts);
    }

    static object Create(string given, IReadOnlyList<string> names)
    {
        if (Names.Find(given, names) is { } name)
            return New(name, depth: null);
        if (WithNumber().Match(given) is { Success: true } match && Names.Find(match.Groups["name"].Value, names) is { } record && HasDepth(record))
            return New(record, int.Parse(match.Groups["depth"].Value, CultureInfo.InvariantCulture));
        throw new ArgumentException(Names.Unknown("network", given, [.. names]));
    }

    static object New(string name, int? depth)
    {
        var constructor = TypeOf(name).GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var arguments = constructor.GetParameters().Select(parameter => depth is not null && parameter.Name == Depth ? depth : parameter.DefaultValue);
        return constructor.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, [.. arguments], culture: null);
    }

    static bool HasDepth(string name) => TypeOf(name).GetProperty(Depth) is not null;

    static Type TypeOf(string name) => typeof(ImageNetwork).Assembly.GetType($"{typeof(ImageNetwork).Namespace}.{name}", throwOnError: true)!;

    static string[] Of(Type family) =>
        [.. family.Assembly.GetExportedTypes().Where(type => family.IsAssignableFrom(type) && !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"^(?<name>.*?)-?(?<depth>\d{1,4})$")]
    private static partial Regex WithNumber();
}
