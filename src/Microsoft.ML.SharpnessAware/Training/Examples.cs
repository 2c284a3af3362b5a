using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Labelled rows that a network is trained or validated on, ready to be loaded again and again.</summary>
internal interface IExamples : ILabelledRows
{
    /// <summary>All row numbers, batch by batch: shuffled by the seed, or in an order of their own where there is none.</summary>
    IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed);

    /// <summary>Rows of a batch, on the CPU and the caller's own, augmented by the seed, or as they are where there is none. Any thread may call.</summary>
    /// <param name="rows">The rows of the whole batch.</param>
    /// <param name="augmentationSeed">The seed of the whole batch.</param>
    /// <param name="places">The places in the batch of the rows that are wanted, which are what they are in the whole batch; null for all.</param>
    Batch Load(int[] rows, long? augmentationSeed, int[]? places);

    /// <summary>Makes these parts of batches ready to be loaded on this worker, and gives up what others were; where several workers have read the rows, that is to be done before.</summary>
    /// <remarks>All workers call it at the same time, on the thread that trains, each for what it is going to load. Nothing else is loaded meanwhile.</remarks>
    void Fetch(IEnumerable<BatchPart> parts) { }
}

/// <summary>What is to be loaded of a batch, as <see cref="IExamples.Load"/> takes it.</summary>
internal readonly record struct BatchPart(int[] Rows, long? AugmentationSeed = null, int[]? Places = null)
{
    public bool IsEmpty => Places is [];

    /// <summary>The rows that are wanted.</summary>
    public int[] Wanted => Rows.At(Places);
}

/// <summary>What is loaded in other ways than a part of a batch.</summary>
internal static class ExamplesExtensions
{
    /// <summary>A whole batch.</summary>
    public static Batch Load(this IExamples examples, int[] rows, long? augmentationSeed) => examples.Load(rows, augmentationSeed, places: null);

    public static Batch Load(this IExamples examples, BatchPart part) => part.IsEmpty ? Batch.Empty() : examples.Load(part.Rows, part.AugmentationSeed, part.Places);

    /// <summary>The first row, fetched before.</summary>
    public static Batch LoadFirst(this IExamples examples)
    {
        examples.Fetch([new([0])]);
        return examples.Load([0], augmentationSeed: null);
    }
}

/// <summary>Rows that have been read, with their labels.</summary>
internal interface ILabelledRows : IDisposable
{
    int Count { get; }

    /// <summary>Gives the hash all that the rows are, in order: labels, and inputs as they came, not normalised, augmented or tokenized.</summary>
    void AddTo(IncrementalHash hash);
}

/// <summary>Labelled rows of one data view, which can be divided.</summary>
internal interface IDivisibleRows<TSelf> : ILabelledRows
{
    /// <summary>Class numbers from 0, row by row.</summary>
    IReadOnlyList<long> Labels { get; }

    /// <summary>How much each row counts, as it was given; 1 where nothing was.</summary>
    IReadOnlyList<float> ExampleWeights { get; }

    /// <summary>How many rows of the whole data were left out because their label is missing.</summary>
    int MissingLabels { get; }

    /// <summary>The rows of the whole data that were left out because they cannot be used.</summary>
    IReadOnlyList<SkippedRow> Skipped { get; }

    /// <summary>The same rows, when each worker has told the others what they have to know of those that it has read. All call it.</summary>
    /// <exception cref="InvalidOperationException">No worker has read a row that can be used.</exception>
    TSelf SharedBy(Team team);

    /// <summary>Two views without a common row, drawn by the seed: all but a fraction, and the fraction; at least one row each.</summary>
    /// <exception cref="InvalidOperationException">There is only one row.</exception>
    (TSelf Train, TSelf Validation) Split(double validationFraction, long seed);
}

/// <summary>The order in which rows are visited.</summary>
internal static class RowOrder
{
    /// <summary>What is at these places; all where there are none.</summary>
    public static T[] At<T>(this T[] rows, int[]? places) => places is null ? rows : Array.ConvertAll(places, place => rows[place]);

    /// <summary>The numbers 0 to <paramref name="count"/> - 1: shuffled by the seed, or in order where there is none.</summary>
    public static int[] Of(int count, long? shuffleSeed)
    {
        if (shuffleSeed is not { } seed)
            return [.. Enumerable.Range(0, count)];

        using var random = new Generator((ulong)seed);
        using var order = randperm(count, generator: random);
        return Array.ConvertAll(order.data<long>().ToArray(), row => (int)row);
    }

    /// <summary>Two parts of so many rows, drawn by the seed and each in order: all but a fraction, and the fraction; at least one row each.</summary>
    /// <exception cref="InvalidOperationException">There is only one row.</exception>
    public static (int[] Kept, int[] SetAside) Divide(int count, double fraction, long seed)
    {
        if (count < 2)
            throw new InvalidOperationException("Cannot set rows aside for validation: there is only one. Give more data, or set ValidationSetFraction to null.");
        var order = Of(count, seed);
        var size = Math.Clamp((int)Math.Round(fraction * count), 1, count - 1);
        return ([.. order[size..].Order()], [.. order[..size].Order()]);
    }

    /// <summary>The rows in batches. A last batch of one row joins the batch before: batch norm cannot learn from one value per channel.</summary>
    public static IEnumerable<int[]> InBatches(this int[] rows, int batchSize)
    {
        var joins = batchSize > 1 && rows.Length > batchSize && rows.Length % batchSize == 1;
        var alike = joins ? rows.Length - batchSize - 1 : rows.Length;
        return joins ? rows[..alike].Chunk(batchSize).Append(rows[alike..]) : rows.Chunk(batchSize);
    }
}

/// <summary>A row that was left out of training.</summary>
/// <param name="Row">The row's position in the data, counting from 0.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record SkippedRow(long Row, string Reason)
{
    public override string ToString() => $"row {Row}: {Reason}";
}
