namespace TextRules;

/// <summary>Texts to learn from and texts to be tested on: a file of each, lines of a label, a tab and a text after one that names the columns.</summary>
/// <param name="Name">Its heading.</param>
/// <param name="Folder">The folder with train.tsv and test.tsv.</param>
/// <param name="MaxLength">The most tokens of a text.</param>
/// <param name="Epochs">Epochs of all methods but the longer ones.</param>
/// <param name="Rows">The most rows to train on, the first ones; null for all.</param>
/// <param name="MinCount">How often a word must occur to have a place of its own.</param>
sealed record TextTask(string Name, string Folder, int MaxLength, int Epochs, int? Rows = null, int MinCount = 2)
{
    public static TextTask[] All { get; } =
    [
        new("TREC", "trec", 64, 5, MinCount: 1),
        new("SST-2", "sst2_sentences", 64, 3),
        new("SpamAssassin", "spamassassin", 64, 4, Rows: 2000),
    ];
}
