using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What stays the same from step to step around a rule: norm statistics, masks over the weights, how dropout draws.</summary>
internal sealed class StepSurroundings(nn.Module network, FlatWeights weights, Func<string, Parameter, bool>? perturbed, bool freshMasks) : IDisposable
{
    Tensor? _isWeight;

    public FirstPassStatistics Statistics { get; } = new(network);

    /// <summary>Whether dropout and its like draw anew in each pass of a step.</summary>
    public bool FreshMasks { get; } = freshMasks;

    /// <summary>True on the elements of parameters whose name contains "weight".</summary>
    public Tensor IsWeight => _isWeight ??= weights.Mask((name, _) => name.Contains("weight", StringComparison.Ordinal));

    /// <summary>True on the elements that may be perturbed; null where all may.</summary>
    public Tensor? Perturbed { get; } = perturbed is null ? null : weights.Mask(perturbed);

    public void Dispose()
    {
        Statistics.Dispose();
        _isWeight?.Dispose();
        Perturbed?.Dispose();
    }
}
