using System.IO.Enumeration;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Selects some of the parameters of a network. Derive a record from it for your own selection.</summary>
[RecordFamily]
public abstract record WeightFilter
{
    /// <summary>Whether this parameter is selected.</summary>
    public abstract bool Includes(WeightBlock block);
}

/// <summary>Every parameter.</summary>
public sealed record AllWeights : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => true;
}

/// <summary>All parameters except those whose last part of the name contains "bias".</summary>
public sealed record NoBiases : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => !block.IsBias;
}

/// <summary>All parameters except those of norm layers.</summary>
public sealed record NoNormLayers : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => !block.IsNorm;
}

/// <summary>The parameters of norm layers only: perturbing these is SAM-ON. Mueller et al. 2023, arXiv:2306.04226.</summary>
public sealed record NormLayersOnly : WeightFilter
{
    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => block.IsNorm;
}

/// <summary>The parameters whose name matches a pattern, such as "fc.*" or "*.bias".</summary>
/// <param name="Pattern">A name in which * stands for any characters and ? for one; case matters. All names by default.</param>
public sealed record WeightsNamed(string Pattern = "*") : WeightFilter
{
    /// <summary>A name in which * stands for any characters and ? for one.</summary>
    public string Pattern { get; init => field = Require.NotNull(value); } = Require.NotNull(Pattern);

    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => FileSystemName.MatchesSimpleExpression(Pattern, block.Name, ignoreCase: false);
}

/// <summary>One parameter of the network, and its position in the vector of all weights.</summary>
public sealed class WeightBlock
{
    readonly long[] _shape;
    readonly bool _areFilters;

    internal WeightBlock(string name, long[] shape, bool isNorm, long offset, bool areFilters = false) =>
        (Name, _shape, IsNorm, Offset, _areFilters) = (name, shape, isNorm, offset, areFilters);

    /// <summary>The parameter's name in the network, such as "fc.weight".</summary>
    public string Name { get; }

    /// <summary>The parameter's shape.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>How many weights the parameter has.</summary>
    public long Count => _shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>The position of its first element in the vector.</summary>
    public long Offset { get; }

    /// <summary>Whether the parameter belongs to a norm layer: a module whose type's name contains "Norm".</summary>
    public bool IsNorm { get; }

    /// <summary>Whether the last part of the name contains "bias".</summary>
    public bool IsBias => Name[(Name.LastIndexOf('.') + 1)..].Contains("bias", StringComparison.Ordinal);

    /// <summary>The parameter's part of a vector of all weights, in the parameter's shape; a view.</summary>
    /// <remarks>The filters of convolutions are stored in the vector with their channels last. To write values into a vector, copy them into this view of it; do not reshape them.</remarks>
    public Tensor Of(Tensor vector)
    {
        var part = vector.narrow(0, Offset, Count);
        return _areFilters ? ChannelsLast.Shaped(part.view(ChannelsLast.InMemoryOrder(_shape))) : part.view(_shape);
    }

    internal WeightBlock At(long offset) => new(Name, _shape, IsNorm, offset, _areFilters);

    /// <summary>The parameter's name and shape.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";
}
