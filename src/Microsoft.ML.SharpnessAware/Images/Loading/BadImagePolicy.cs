namespace Microsoft.ML.SharpnessAware;

/// <summary>What training does about a row whose image cannot be used: an empty or truncated file, or no image at all.</summary>
public enum BadImagePolicy
{
    /// <summary>Stops with an error that names the row and the reason.</summary>
    Fail,

    /// <summary>Leaves the row out, and reports how many and which.</summary>
    Skip,
}
