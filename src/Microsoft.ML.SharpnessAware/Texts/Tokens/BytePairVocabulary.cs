namespace Microsoft.ML.SharpnessAware;

/// <summary>The vocabulary of a RoBERTa or GPT-2 as people download it: <c>vocab.json</c> and <c>merges.txt</c>, and <c>tokenizer_config.json</c> if there is one. Ids are those of Hugging Face's fast tokenizer, but a text that spells a special token, such as &lt;/s&gt;, is only text.</summary>
/// <param name="Folder">Where the files lie.</param>
public sealed record BytePairVocabulary(string Folder) : TextTokenizer
{
    /// <summary>Where the files lie.</summary>
    public string Folder { get; init => field = Require.NotNull(value); } = Require.NotNull(Folder);

    internal override TextTokenizer WithoutFiles => this with { Folder = "" };

    internal override ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts) => new TokenizerFolder(Folder).Read("vocab.json and merges.txt", folder =>
    {
        var config = folder.Config();
        var tokens = folder.Ids("vocab.json");
        return new BytePairEncoder(new BytePairs(
            tokens,
            [.. folder.Lines("merges.txt").Where(line => line.Length > 0 && !line.StartsWith("#version", StringComparison.Ordinal))],
            PrefixSpace: config.Flag("add_prefix_space") ?? false,
            Start: config.Token("cls_token") ?? config.Token("bos_token") ?? Known("<s>"),
            Separator: config.Token("sep_token") ?? config.Token("eos_token") ?? Known("</s>"),
            Padding: config.Token("pad_token") ?? "<pad>"));

        // GPT-2 has one special token for all.
        string Known(string token) => !tokens.ContainsKey(token) && tokens.ContainsKey("<|endoftext|>") ? "<|endoftext|>" : token;
    });

    internal override ITokenEncoder Load(Stream saved) => new BytePairEncoder(SavedVocabulary.Read<BytePairs>(saved));
}
