using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>Classifies the texts, or pairs of texts, in columns of a file.</summary>
sealed class TextTask : ClassificationTask
{
    /// <summary>How the file is laid out.</summary>
    public required TextFileFormat Format { get; init; }

    /// <summary>The number of the label column.</summary>
    public required int LabelIndex { get; init; }

    /// <summary>The number of the column of texts.</summary>
    public required int TextIndex { get; init; }

    /// <summary>The number of the column of second texts; null for none.</summary>
    public int? Text2Index { get; init; }

    /// <summary>The network.</summary>
    public required TextNetwork Network { get; init; }

    /// <summary>Where the network starts from, as the command line says; null for fresh weights.</summary>
    public string? Weights { get; init; }

    public override string Rows => "texts";

    public override string Label => NameOf(LabelIndex);

    /// <summary>The name of the column of texts.</summary>
    public string Text => NameOf(TextIndex);

    /// <summary>The name of the column of second texts; null for none.</summary>
    public string? Text2 => Text2Index is { } index ? NameOf(index) : null;

    /// <summary>The columns that are read, with their numbers.</summary>
    public IReadOnlyList<(string Name, int Index)> Columns => [.. new[] { LabelIndex, TextIndex }.Concat(Text2Index is { } second ? [second] : []).Select(index => (NameOf(index), index))];

    public override DataSplit Load(MLContext context, int seed, Action<string> warn)
    {
        Warn(Format, Dataset, warn);
        var rows = context.Data.CreateTextLoader(Format.LoaderOf(Columns)).Load(Dataset);
        if (TestDataset is null)
            return DataSplit.Of(rows, LabelsOf(rows), Dataset, seed);
        var format = TextFileFormat.Of(TestDataset, Format.HasHeader);
        Warn(format, TestDataset, warn);
        var test = context.Data.CreateTextLoader(format.LoaderOf(Columns.Select(column => (column.Name, format.IndexOf(column.Name, TestDataset, "--test"))))).Load(TestDataset);
        return DataSplit.Of(rows, LabelsOf(rows), Dataset, test, LabelsOf(test), TestDataset);
    }

    public override SamTrainerOptions NewOptions(DataSplit data, Device device) => new SamTextTrainer.Options
    {
        LabelColumnName = Label,
        Sentence1ColumnName = Text,
        Sentence2ColumnName = Text2,
        Network = Network,
    };

    public override IEstimator<ITransformer> Pipeline(MLContext context, SamTrainerOptions options) => context.Transforms.Conversion.MapValueToKey(Label)
        .Append(context.MulticlassClassification.Trainers.SamText((SamTextTrainer.Options)options))
        .Append(context.Transforms.Conversion.MapKeyToValue(options.PredictedLabelColumnName));

    public override DataViewSchema InputSchema(DataSplit data) => data.Train.Schema;

    string NameOf(int index) => Format.Columns[index];

    // One string for each class, however many rows there are.
    string[] LabelsOf(IDataView rows)
    {
        var known = new Dictionary<string, string>();
        return [.. rows.GetColumn<string>(Label).Select(label => known.TryAdd(label ?? "", label ?? "") ? label ?? "" : known[label ?? ""])];
    }

    static void Warn(TextFileFormat format, string file, Action<string> warn)
    {
        if (format.StrayQuote is { } line)
            warn($"'{file}': quotation marks are read as they are, because the column that begins with one in line {line} has no end of that kind.");
    }
}
