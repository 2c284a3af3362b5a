using Microsoft.ML;
using Microsoft.ML.Data;

namespace TextRules;

/// <summary>The rows of a task.</summary>
static class Texts
{
    const double HeldOut = 0.5;
    const int SeedOfHeldOut = 1;

    /// <summary>All rows to train on, and those to test on.</summary>
    public static (IDataView Train, IDataView Test) Of(MLContext ml, string data, TextTask task) =>
        (Training(ml, data, task), Read(ml, data, task, "test.tsv"));

    /// <summary>Half of the rows to train on, and the other half to choose by. The halves are the same for every seed.</summary>
    public static (IDataView Train, IDataView HeldOut) ToTune(MLContext ml, string data, TextTask task)
    {
        var split = ml.Data.TrainTestSplit(Training(ml, data, task), HeldOut, seed: SeedOfHeldOut);
        return (split.TrainSet, split.TestSet);
    }

    /// <summary>The share of test rows that have the most frequent label of the training rows.</summary>
    public static double MajorityAccuracy(string data, TextTask task)
    {
        var (train, test) = Of(new MLContext(), data, task);
        var majority = train.GetColumn<string>("Label").CountBy(label => label).MaxBy(count => count.Value).Key;
        return test.GetColumn<string>("Label").Average(label => label == majority ? 1 : 0);
    }

    static IDataView Training(MLContext ml, string data, TextTask task)
    {
        var rows = Read(ml, data, task, "train.tsv");
        return task.Rows is { } count ? ml.Data.TakeRows(rows, count) : rows;
    }

    static IDataView Read(MLContext ml, string data, TextTask task, string file) =>
        ml.Data.LoadFromTextFile<LabeledText>(Path.Combine(data, task.Folder, file), hasHeader: true);
}

/// <summary>A line of the files.</summary>
sealed class LabeledText
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
