namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Counts tensors, to see that none is left over.</summary>
static class LiveTensors
{
    /// <summary>How many there are now that the garbage of earlier tests is gone; from here on <see cref="Tensor.TotalCount"/> tells what is left over.</summary>
    public static long Before()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
