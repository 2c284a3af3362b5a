using System.CommandLine;

namespace MlnetSam;

/// <summary>Which columns of a file are what.</summary>
/// <param name="required">Whether the data are always texts.</param>
sealed class TextColumnOptions(bool required)
{
    const string LabelName = "--label-col", TextName = "--text-col", Text2Name = "--text-col2";

    readonly Option<string?> _label = new(LabelName) { HelpName = "COLUMN", Required = required, Description = "The column of labels: its name, or its number from 0." };
    readonly Option<string?> _text = new(TextName) { HelpName = "COLUMN", Required = required, Description = "The column of texts." };
    readonly Option<string?> _text2 = new(Text2Name) { HelpName = "COLUMN", Description = "The column of second texts, where rows are pairs of texts." };
    readonly Option<bool> _header = new("--has-header") { HelpName = "true|false", Description = "Whether the file's first line names the columns.", DefaultValueFactory = _ => true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _label, _text, _text2, _header })
            command.Add(option);
    }

    /// <summary>What is to be classified.</summary>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file has no such columns.</exception>
    /// <exception cref="ArgumentException">A column that has to be named is not.</exception>
    public TextTask Task(ParseResult parsed, string dataset, string? test, TextNetwork network, string? weights = null)
    {
        var format = TextFileFormat.Of(dataset, parsed.GetValue(_header));
        int IndexOf(Option<string?> option) => format.IndexOf(parsed.GetValue(option) ?? throw Missing(option, format), dataset, option.Name);
        var (label, text) = (IndexOf(_label), IndexOf(_text));
        int? text2 = parsed.GetValue(_text2) is null ? null : IndexOf(_text2);
        var all = new[] { label, text, text2 ?? -1 };
        if (all.Distinct().Count() < all.Length)
            throw new InvalidDataException($"{LabelName}, {TextName} and {Text2Name} must be different columns.");
        return new TextTask { Dataset = dataset, TestDataset = test, Format = format, LabelIndex = label, TextIndex = text, Text2Index = text2, Network = network, Weights = weights };
    }

    /// <summary>The loader's columns of a file for a model that reads these.</summary>
    /// <param name="parsed">The command line, which may name other columns than the model's.</param>
    /// <param name="format">The file.</param>
    /// <param name="file">Its name.</param>
    /// <param name="model">The columns that the model reads.</param>
    /// <param name="withLabel">Whether the labels are of interest.</param>
    /// <exception cref="InvalidDataException">The file has no such columns.</exception>
    public IEnumerable<(string Name, int Index)> ColumnsFor(ParseResult parsed, TextFileFormat format, string file, TextColumns model, bool withLabel)
    {
        (string Name, int Index) Column(string name, Option<string?> option) => (name, format.IndexOf(parsed.GetValue(option) ?? name, file, option.Name));
        var text = Column(model.Sentence1, _text);
        yield return text;
        // A model that begins by numbering the labels wants such a column, whatever is in it.
        yield return withLabel ? Column(model.Label, _label) : (model.Label, text.Index);
        if (model.Sentence2 is { } second)
            yield return Column(second, _text2);
    }

    public bool HasHeader(ParseResult parsed) => parsed.GetValue(_header);

    static ArgumentException Missing(Option option, TextFileFormat format) =>
        new($"{option.Name} is missing: which column is it? There are {string.Join(", ", format.Columns.Select(name => $"'{name}'"))}.");
}
