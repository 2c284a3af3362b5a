namespace Microsoft.ML.SharpnessAware;

/// <summary>Settings that suit a network and its rows, for the options that are left null.</summary>
internal sealed record Recipe
{
    public required BaseOptimizer Optimizer { get; init; }

    public required Schedule Schedule { get; init; }

    public required int BatchSize { get; init; }

    public required int Epoch { get; init; }

    /// <summary>Epochs of the last layer alone at the beginning of <see cref="Epoch"/>.</summary>
    public int FreezeBackboneEpochs { get; init; }

    /// <summary>The optimizer of those; null for the one of all.</summary>
    public BaseOptimizer? HeadOptimizer { get; init; }

    /// <summary>These settings, but for those that the options give.</summary>
    /// <remarks>Whoever gives the optimizer means that of the last layer, too, unless that is given as well.</remarks>
    public Recipe For(SamTrainerOptions options) => new()
    {
        Optimizer = options.Optimizer ?? Optimizer,
        Schedule = options.Schedule ?? Schedule,
        BatchSize = options.BatchSize ?? BatchSize,
        Epoch = options.Epoch ?? Epoch,
        FreezeBackboneEpochs = options.FreezeBackboneEpochs ?? (options.Epoch is { } epochs ? FrozenOf(epochs) : FreezeBackboneEpochs),
        HeadOptimizer = options.HeadOptimizer ?? (options.Optimizer is null ? HeadOptimizer : null),
    };

    // Epochs that are given are of what would be trained without: of the last layer where that is all, which on a CPU is minutes in place of hours, and else of all layers.
    int FrozenOf(int epochs) => FreezeBackboneEpochs == Epoch ? epochs : 0;

    /// <summary>The options with these settings: a copy in which none that has to be known is null.</summary>
    public SamTrainerOptions In(SamTrainerOptions options) => (SamTrainerOptions)options.With(copy =>
    {
        var filled = (SamTrainerOptions)copy;
        (filled.Optimizer, filled.Schedule, filled.BatchSize, filled.Epoch) = (Optimizer, Schedule, BatchSize, Epoch);
        (filled.FreezeBackboneEpochs, filled.HeadOptimizer) = (FreezeBackboneEpochs, HeadOptimizer);
    });

    /// <summary>The settings that the options leave open, in words; null where there are none.</summary>
    public string? ChosenIn(SamTrainerOptions options)
    {
        (bool IsOpen, string Text)[] settings =
        [
            (options.Optimizer is null, $"{nameof(Optimizer)} = {Optimizer}"),
            (options.Schedule is null, $"{nameof(Schedule)} = {Schedule}"),
            (options.BatchSize is null, $"{nameof(BatchSize)} = {BatchSize}"),
            (options.Epoch is null, $"{nameof(Epoch)} = {Epoch}"),
            (options.FreezeBackboneEpochs is null && FreezeBackboneEpochs > 0, $"{nameof(FreezeBackboneEpochs)} = {FreezeBackboneEpochs}"),
            (options.HeadOptimizer is null && HeadOptimizer is not null && FreezeBackboneEpochs > 0, $"{nameof(HeadOptimizer)} = {HeadOptimizer}"),
        ];
        var open = settings.Where(setting => setting.IsOpen).Select(setting => setting.Text).ToArray();
        return open.Length == 0 ? null : string.Join(", ", open);
    }
}

/// <summary>A kind of network that a trainer can train, as a value.</summary>
internal interface ITrainableNetwork
{
    /// <summary>What the module calls the layer that puts out the logits.</summary>
    string NameOfLastLayer { get; }

    /// <summary>Whether it starts from trained weights.</summary>
    bool StartsTrained { get; }
}
