namespace Microsoft.ML.SharpnessAware;

/// <summary>Which images and labels to load, and how.</summary>
internal sealed record ImageLoading
{
    // The largest cameras have as many; decoded, these are 800 MB.
    public const int DefaultMaxMegapixels = 200;

    public required string ImageColumn { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Null: each row counts 1.</summary>
    public string? WeightColumn { get; init; }

    public required Network Network { get; init; }

    /// <summary>Null: found out from the first images and the network.</summary>
    public ImageShape? Shape { get; init; }

    public BadImagePolicy BadImages { get; init; }

    /// <summary>The most million pixels that an encoded image may have.</summary>
    public int MaxMegapixels { get; init; } = DefaultMaxMegapixels;

    /// <summary>How many images are decoded at a time; 0: one on each core.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes of pixels to hold in memory; what is more goes to temporary files.</summary>
    public long CacheBudget { get; init; } = long.MaxValue;

    public string TempFolder { get; init; } = Path.GetTempPath();

    /// <summary>Called for every row, from any thread; throws to stop.</summary>
    public Action CheckAlive { get; init; } = () => { };

    /// <summary>Told how many rows are done, one call at a time, from any thread.</summary>
    public Action<int>? RowsDone { get; init; }
}
