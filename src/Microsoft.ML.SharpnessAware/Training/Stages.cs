using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The stages of a run: where the network is frozen at first, its last layer on features that are computed once; then the whole network.</summary>
internal sealed class Stages(nn.Module<Tensor, Tensor> network, TrainingPlan plan, IExamples train, IExamples? validation)
{
    readonly Stage _whole = new(new EpochSpan(FrozenEpochs(plan) + 1, plan.Epochs), network, plan.Sharpness, plan.Steps, () => (train, validation), ownsExamples: false);
    Stage? _frozen;

    /// <summary>The stage that an epoch, counted from 1, is of. What is after the run's end is of its last.</summary>
    public Stage At(int epoch) => plan.Frozen is { } frozen && Math.Min(epoch, plan.Epochs) <= FrozenEpochs(plan) ? _frozen ??= FrozenBy(frozen) : _whole;

    /// <summary>Whether no other stage comes after that of this epoch.</summary>
    public bool IsLast(int epoch) => At(epoch).Epochs.Last == plan.Epochs;

    Stage FrozenBy(FrozenStart frozen)
    {
        using var tap = new FeatureTap(network, frozen.LastLayer);
        var head = tap.Head;
        var epochs = new EpochSpan(1, FrozenEpochs(plan));
        var steps = plan.Steps with { Second = null };
        return HasNothingToPerturb(head)
            ? new(epochs, head, new Plain(), steps with { Perturbed = null }, () => Features(frozen), ownsExamples: true)
            : new(epochs, head, plan.Sharpness, steps, () => Features(frozen), ownsExamples: true);
    }

    (IExamples Train, IExamples? Validation) Features(FrozenStart frozen)
    {
        using var tap = new FeatureTap(network, frozen.LastLayer);
        var start = plan.Time.GetTimestamp();
        network.eval();
        var features = FeatureExamples.Of(train, tap, plan);
        try
        {
            var validated = validation is null ? null : FeatureExamples.Of(validation, tap, plan);
            plan.Log(string.Create(CultureInfo.InvariantCulture, $"{Which(frozen)} the last layer alone, '{frozen.LastLayer}', on what the layers before make of {train.Count + (validation?.Count ?? 0)} rows, computed once in {plan.Time.GetElapsedTime(start).TotalSeconds:0.0} s: nothing is augmented meanwhile."));
            return (features, validated);
        }
        catch
        {
            features.Dispose();
            throw;
        }
    }

    string Which(FrozenStart frozen) => frozen.Epochs >= plan.Epochs ? "All epochs train" : frozen.Epochs == 1 ? "Epoch 1 trains" : $"Epochs 1 to {frozen.Epochs} train";

    static int FrozenEpochs(TrainingPlan plan) => Math.Min(plan.Frozen?.Epochs ?? 0, plan.Epochs);

    // The filter chooses weights of the layers that are frozen.
    bool HasNothingToPerturb(nn.Module head) => plan.Steps.Perturbed is { } filter && !Chooses(filter, head) && Chooses(filter, network);

    static bool Chooses(WeightFilter filter, nn.Module network) => new WeightLayout(network, []).Parameters.Any(parameter => filter.Includes(parameter.Block));
}
