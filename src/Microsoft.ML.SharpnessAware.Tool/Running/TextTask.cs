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

    public override string Label => Columns[0].Name;

    /// <summary>The name of the column of texts.</summary>
    public string Text => Columns[1].Name;

    /// <summary>The name of the column of second texts; null for none.</summary>
    public string? Text2 => Text2Index is null ? null : Columns[2].Name;

    /// <summary>The columns that are read, with their numbers; a name that another column has gets a number.</summary>
    public IReadOnlyList<(string Name, int Index)> Columns
    {
        get
        {
            List<(string Name, int Index)> columns = [];
            int?[] read = [LabelIndex, TextIndex, Text2Index];
            foreach (var index in read.OfType<int>())
                columns.Add((NameOf(index, [.. columns.Select(column => column.Name)]), index));
            return columns;
        }
    }

    // A label is hidden by a column of its name that the model adds, other columns by one before them. The name with a number is that of no column of the file.
    string NameOf(int index, string[] before)
    {
        var options = new SamTextTrainer.Options();
        string[] added = [options.ScoreColumnName, options.PredictedLabelColumnName];
        var name = Format.Columns[index];
        return (index == LabelIndex ? added : before).Contains(name) ? Names.Free(name, [.. Format.Columns, .. added, .. before]) : name;
    }

    public override DataSplit Load(MLContext context, int seed, Action<string> warn)
    {
        Format.Warn(Dataset, warn);
        var rows = context.Data.CreateTextLoader(Format.LoaderOf(Columns)).Load(Dataset);
        if (TestDataset is null)
            return DataSplit.Of(rows, LabelsOf(rows), Dataset, seed);
        var format = TextFileFormat.Of(TestDataset, Format.HasHeader);
        format.Warn(TestDataset, warn);
        var test = context.Data.CreateTextLoader(format.LoaderOf(Columns.Select(column => (column.Name, IndexIn(format, TestDataset, column.Index))))).Load(TestDataset);
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

    // A name that is doubled does not say which column is meant; its place may.
    int IndexIn(TextFileFormat test, string file, int index) =>
        test.Columns.ElementAtOrDefault(index) == Format.Columns[index] ? index : test.IndexOf(Format.Columns[index], file, "--test");

    // One string for each class, however many rows there are.
    string[] LabelsOf(IDataView rows)
    {
        var known = new Dictionary<string, string>();
        return [.. rows.GetColumn<string>(Label).Select(label => known.TryAdd(label ?? "", label ?? "") ? label ?? "" : known[label ?? ""])];
    }
}
