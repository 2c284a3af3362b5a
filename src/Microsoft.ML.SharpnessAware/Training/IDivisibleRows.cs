namespace Microsoft.ML.SharpnessAware;

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

    /// <summary>Two views without a common row, drawn by the seed: all but a fraction, and the fraction; at least one row each.</summary>
    /// <exception cref="InvalidOperationException">There is only one row.</exception>
    (TSelf Train, TSelf Validation) Split(double validationFraction, long seed);
}
