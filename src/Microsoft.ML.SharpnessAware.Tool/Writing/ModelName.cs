using System.Text;

namespace MlnetSam;

/// <summary>Names of models, which are those of classes in C#, too.</summary>
static class ModelName
{
    // What the class of that name has in it, or uses.
    static readonly HashSet<string> _taken =
    [
        "AllLabels", "BuildPipeline", "Context", "CreatePredictEngine", "ImageEndings", "Labels", "LoadImages", "LoadTexts", "Model", "ModelInput", "ModelOutput", "ModelPath", "Predict", "PredictAllLabels", "PredictEngine", "Train",
        "AppContext", "ColumnName", "Console", "DefaultObjectPoolProvider", "Directory", "EnginePolicy", "File", "HttpRequest", "IDataView", "IEstimator", "InvalidOperationException", "IOrderedEnumerable", "IReadOnlyList", "ITransformer", "KeyValuePair", "Lazy", "LoadColumn", "MemoryStream", "MLContext", "ObjectPool", "Path", "PooledObjectPolicy", "PredictionEngine", "PredictionEngineOptions", "Program", "ReadOnlyMemory", "Results", "SearchOption", "StatusCodes", "StringComparer", "TextLoader", "VBuffer", "WebApplication",
        // Namespaces of what the projects refer to.
        "Google", "ICSharpCode", "Microsoft", "Newtonsoft", "SkiaSharp", "System", "TorchSharp",
        .. typeof(SamTrainerOptions).Assembly.GetExportedTypes().Select(type => type.Name),
    ];

    /// <summary>A name for a model of these data: "my pets.v2/" becomes MyPetsV2.</summary>
    public static string Of(string dataset)
    {
        var file = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataset)));
        var name = Identifier(Directory.Exists(dataset) ? file : Path.GetFileNameWithoutExtension(file));
        return _taken.Contains(name) ? $"{name}Classifier" : name;
    }

    /// <summary>Letters and digits of a text as one word, each part of it with a capital letter.</summary>
    public static string Identifier(string text)
    {
        var word = new StringBuilder();
        var begins = true;
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
                word.Append(begins ? char.ToUpperInvariant(c) : c);
            begins = !char.IsLetterOrDigit(c);
        }
        return word.Length == 0 ? "Data" : char.IsDigit(word[0]) ? $"Model{word}" : word.ToString();
    }

    /// <exception cref="ArgumentException">It cannot be the name of a class.</exception>
    public static void Require(string name)
    {
        if (name.Length == 0 || char.IsDigit(name[0]) || char.IsLower(name[0]) || !name.All(c => char.IsLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"--name '{name}' must be the name of a class: letters, digits and _, with a capital letter first. '{Identifier(name)}' would do.");
        if (_taken.Contains(name))
            throw new ArgumentException($"--name '{name}' is a name that the code of a model uses itself. '{name}Classifier' would do.");
    }
}
