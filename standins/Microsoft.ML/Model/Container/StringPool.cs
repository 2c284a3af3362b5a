namespace Microsoft.ML;

/// <summary>The strings of a model stream, numbered by first use.</summary>
internal sealed class StringPool
{
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<string> _strings = [];

    public IReadOnlyCollection<string> Strings => _strings;

    public int IdOf(string text)
    {
        if (_ids.TryAdd(text, _strings.Count))
            _strings.Add(text);
        return _ids[text];
    }
}
