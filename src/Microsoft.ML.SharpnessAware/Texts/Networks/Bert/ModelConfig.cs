using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The config.json of a model folder.</summary>
internal sealed class ModelConfig
{
    const string FileName = "config.json";

    static readonly Dictionary<string, HiddenActivation> Activations = new()
    {
        ["gelu"] = HiddenActivation.Gelu,
        ["gelu_new"] = HiddenActivation.GeluTanh,
        ["gelu_pytorch_tanh"] = HiddenActivation.GeluTanh,
        ["relu"] = HiddenActivation.Relu,
    };

    readonly string _path;
    readonly JsonElement _json;

    ModelConfig(string path, JsonElement json) => (_path, _json) = (path, json);

    /// <exception cref="InvalidOperationException">The folder has none, or it is no JSON object.</exception>
    public static ModelConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new InvalidOperationException($"The model folder '{folder}' has no {FileName}. Give the folder into which the whole model was downloaded.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ModelConfig(path, document.RootElement.Clone())
                : throw new JsonException("it is not an object");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"'{path}' cannot be read: {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    public string Text(string name) => Value(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Fault($"has no text '{name}'");

    public int Integer(string name, int? otherwise = null) =>
        Value(name) is not { } value ? otherwise ?? throw Fault($"has no number '{name}'")
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : throw Fault($"has {value.GetRawText()} as '{name}', which is no whole number");

    public double Real(string name, double otherwise) =>
        Value(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : throw Fault($"has {value.GetRawText()} as '{name}', which is no number");

    public HiddenActivation Activation(string name) =>
        Value(name) is null ? HiddenActivation.Gelu
        : Activations.TryGetValue(Text(name), out var activation) ? activation
        : throw Fault($"has the {name} '{Text(name)}', which is not known; known are {string.Join(", ", Activations.Keys)}");

    /// <exception cref="InvalidOperationException">There is another text than this one.</exception>
    public void Expect(string name, string text)
    {
        if (Value(name) is not null && Text(name) != text)
            throw Fault($"has the {name} '{Text(name)}'; only '{text}' is known");
    }

    public InvalidOperationException Fault(string what) => new($"'{_path}' {what}.");

    // Null where there is none, and where it says null.
    JsonElement? Value(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
