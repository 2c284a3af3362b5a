namespace MlnetSam;

/// <summary>How many rows of a class there are.</summary>
/// <param name="Name">The class.</param>
/// <param name="Train">Rows to train on.</param>
/// <param name="Test">Rows to test on.</param>
sealed record ClassCount(string Name, int Train, int Test);

/// <summary>Labelled rows, of which some are held out to test on.</summary>
/// <param name="Train">The rows to train on; a part of them is validated on.</param>
/// <param name="Test">The rows to test on.</param>
/// <param name="Classes">How many there are of each class, by the classes' names.</param>
/// <param name="WithoutLabel">Rows without a label, which are left out.</param>
sealed record DataSplit(IDataView Train, IDataView Test, IReadOnlyList<ClassCount> Classes, int WithoutLabel)
{
    /// <summary>The share of each class that is held out to test on where no data are given for that.</summary>
    public const double TestFraction = 0.2;

    public int TrainRows => Classes.Sum(of => of.Train);

    public int TestRows => Classes.Sum(of => of.Test);

    /// <summary>What is there, in a line.</summary>
    public string Describe(string rows)
    {
        var counts = Classes.Select(of => Invariant($"'{of.Name}' {of.Train} + {of.Test}"));
        return Invariant($"{TrainRows} {rows} to train on and {TestRows} to test on, of {Classes.Count} classes: {Listing.Of(counts)}.") + (WithoutLabel == 0 ? "" : Invariant($" {WithoutLabel} rows without a label are left out."));
    }

    /// <summary>Splits rows so that each class has the same share of them in both parts, drawn by the seed.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="labels">Their labels, in their order; an empty one stands for none.</param>
    /// <param name="source">What the rows come from, for messages.</param>
    /// <param name="seed">Draws the rows.</param>
    /// <exception cref="InvalidDataException">The labels are not those of something to be learned.</exception>
    public static DataSplit Of(IDataView rows, IReadOnlyList<string> labels, string source, int seed)
    {
        CheckClasses(labels, source);
        var order = RowOrder.Of(labels.Count, seed);
        var test = order.Where(row => labels[row].Length > 0).GroupBy(row => labels[row])
            .SelectMany(ofClass => ofClass.Take((int)Math.Round(TestFraction * ofClass.Count())))
            .ToHashSet();
        if (test.Count == 0)
            throw new InvalidDataException($"'{source}' has too few rows of each class to hold some out to test on: give 3 or more of a class, or others with --test.");
        long[] Where(Func<int, bool> isMeant) => [.. Enumerable.Range(0, labels.Count).Where(row => labels[row].Length > 0 && isMeant(row)).Select(row => (long)row)];
        return new DataSplit(
            new DrawnRows(rows, Where(row => !test.Contains(row))),
            new DrawnRows(rows, Where(test.Contains)),
            Count(labels.Where((_, row) => !test.Contains(row)), labels.Where((_, row) => test.Contains(row))),
            labels.Count(label => label.Length == 0));
    }

    /// <summary>Rows to train on, and others that were given to test on.</summary>
    /// <exception cref="InvalidDataException">The labels are not those of something to be learned, or those to test on are of other classes.</exception>
    public static DataSplit Of(IDataView train, IReadOnlyList<string> trainLabels, string source, IDataView test, IReadOnlyList<string> testLabels, string testSource)
    {
        CheckClasses(trainLabels, source);
        var unknown = testLabels.Where(label => label.Length > 0).Except(trainLabels).ToArray();
        if (unknown.Length > 0)
            throw new InvalidDataException($"'{testSource}' has classes that '{source}' has not: {Listing.OfNames(unknown)}.");
        return new DataSplit(train, test, Count(trainLabels, testLabels), trainLabels.Concat(testLabels).Count(label => label.Length == 0));
    }

    static void CheckClasses(IReadOnlyList<string> labels, string source)
    {
        var rows = labels.Count(label => label.Length > 0);
        var classes = labels.Where(label => label.Length > 0).Distinct().ToArray();
        if (rows == 0)
            throw new InvalidDataException($"'{source}' has no rows with a label.");
        if (classes.Length == 1)
            throw new InvalidDataException($"'{source}' has a single class, '{classes[0]}': a classifier needs two or more.");
        if (classes.Length == rows)
            throw new InvalidDataException($"'{source}' has {rows} rows with a label, each of another class: there is nothing to learn. Is it the label column?");
    }

    static ClassCount[] Count(IEnumerable<string> train, IEnumerable<string> test)
    {
        var (ofTrain, ofTest) = (Counts(train), Counts(test));
        return [.. ofTrain.Keys.Union(ofTest.Keys).Order(StringComparer.Ordinal).Select(name => new ClassCount(name, ofTrain.GetValueOrDefault(name), ofTest.GetValueOrDefault(name)))];
    }

    static Dictionary<string, int> Counts(IEnumerable<string> labels) => labels.Where(label => label.Length > 0).CountBy(label => label).ToDictionary();
}
