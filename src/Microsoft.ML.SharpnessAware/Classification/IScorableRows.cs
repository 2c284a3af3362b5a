namespace Microsoft.ML.SharpnessAware;

/// <summary>Some rows, ready for a network.</summary>
internal interface IScorableRows
{
    int Count { get; }

    /// <summary>The rows in batches: what the network takes, on that device and in the caller's scope, and which rows these are. A row in several batches is scored in several views. Of unusable rows it means nothing.</summary>
    IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device);

    /// <summary>Whether a row, which the cursor knows as <paramref name="position"/>, can have no scores.</summary>
    /// <exception cref="InvalidOperationException">It cannot, and the classifier does not skip such rows.</exception>
    bool IsUnusable(int index, long position);
}
