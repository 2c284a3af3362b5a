using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The settings in <c>tokenizer_config.json</c>; what is not there is null.</summary>
internal sealed class TokenizerConfig(JsonElement? json = null)
{
    public const string File = "tokenizer_config.json";

    public bool? Flag(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        var other => throw new FormatException($"{name} in {File} must be true or false, but is {other}"),
    };

    /// <summary>A special token: a text, or an object whose "content" is one.</summary>
    public string? Token(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } token when token.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        var other => throw new FormatException($"{name} in {File} must be a token, but is {other}"),
    };

    JsonElement? Value(string name) => json is { } settings && settings.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
