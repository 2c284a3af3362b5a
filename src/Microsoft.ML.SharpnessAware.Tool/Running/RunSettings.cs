namespace MlnetSam;

/// <summary>How a run is made, as the command line says.</summary>
sealed record RunSettings
{
    /// <summary>The method.</summary>
    public required SharpnessRule Sharpness { get; init; }

    /// <summary>The most passes over the training rows; null for a number that suits them.</summary>
    public int? Epochs { get; init; }

    /// <summary>Epochs at the beginning that train the last layer alone; null for what suits the network.</summary>
    public int? FreezeEpochs { get; init; }

    /// <summary>The batch size; null for one that suits the rows.</summary>
    public int? BatchSize { get; init; }

    /// <summary>The most time that the run may take, reading the data included; null for any.</summary>
    public TimeSpan? Time { get; init; }

    public required Device Device { get; init; }

    /// <summary>The seed of all that is random.</summary>
    public required int Seed { get; init; }

    /// <summary>Gives the options what is said here.</summary>
    public void ApplyTo(SamTrainerOptions options)
    {
        options.Sharpness = Sharpness;
        options.Epoch = Epochs;
        options.FreezeBackboneEpochs = FreezeEpochs;
        options.BatchSize = BatchSize;
        options.Seed = Seed;
    }
}
