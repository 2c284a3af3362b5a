namespace Microsoft.ML.SharpnessAware;

/// <summary>Labelled rows that a network is trained or validated on, ready to be loaded again and again.</summary>
internal interface IExamples : ILabelledRows
{
    /// <summary>All row numbers, batch by batch: shuffled by the seed, or in an order of their own where there is none.</summary>
    IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed);

    /// <summary>These rows as a batch on the CPU that the caller owns, augmented by the seed, or as they are where there is none. Any thread may call.</summary>
    Batch Load(int[] rows, long? augmentationSeed);
}
