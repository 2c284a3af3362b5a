using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The files of a tokenizer, as people download them; what is wrong is said with the folder's name.</summary>
internal sealed class TokenizerFolder(string path)
{
    /// <summary>The tokenizer whose files lie in a folder; null where there are none.</summary>
    public static TextTokenizer? Known(string folder) =>
        File.Exists(Path.Combine(folder, "vocab.txt")) ? new WordPieceVocabulary(folder)
        : File.Exists(Path.Combine(folder, "vocab.json")) ? new BytePairVocabulary(folder)
        : null;

    /// <exception cref="FileNotFoundException">The folder or one of those files is missing.</exception>
    /// <exception cref="FormatException">A file is malformed, or files do not fit each other.</exception>
    public T Read<T>(string files, Func<TokenizerFolder, T> read)
    {
        try
        {
            return read(this);
        }
        catch (FileNotFoundException missing)
        {
            throw new FileNotFoundException($"Cannot read the tokenizer in '{path}': {missing.Message}. The folder must hold {files}.", missing);
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            throw new FormatException($"Cannot read the tokenizer in '{path}': {fault.Message.TrimEnd('.')}.", fault);
        }
    }

    public string[] Lines(string file) => File.ReadAllLines(PathOf(file));

    public Dictionary<string, int> Ids(string file) => Json(file, json => json.Deserialize<Dictionary<string, int>>() ?? throw new JsonException("it is null"));

    public TokenizerConfig Config() => File.Exists(Path.Combine(path, TokenizerConfig.File)) ? Json(TokenizerConfig.File, json => new TokenizerConfig(json.Clone())) : new TokenizerConfig();

    string PathOf(string file)
    {
        if (!Directory.Exists(path))
            throw new FileNotFoundException("the folder does not exist");
        var full = Path.Combine(path, file);
        return File.Exists(full) ? full : throw new FileNotFoundException($"there is no {file}");
    }

    T Json<T>(string file, Func<JsonElement, T> use)
    {
        using var stream = File.OpenRead(PathOf(file));
        try
        {
            using var document = JsonDocument.Parse(stream);
            return document.RootElement.ValueKind == JsonValueKind.Object ? use(document.RootElement) : throw new JsonException("it is no object");
        }
        catch (JsonException malformed)
        {
            throw new FormatException($"{file} is malformed: {malformed.Message}", malformed);
        }
    }
}

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
