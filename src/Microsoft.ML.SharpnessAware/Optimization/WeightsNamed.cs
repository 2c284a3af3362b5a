using System.IO.Enumeration;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The parameters whose name fits a pattern, such as "fc.*" or "*.bias".</summary>
/// <param name="Pattern">A name in which * stands for any characters and ? for one; letters' case counts. All names by default.</param>
public sealed record WeightsNamed(string Pattern = "*") : WeightFilter
{
    /// <summary>A name in which * stands for any characters and ? for one.</summary>
    public string Pattern { get; init => field = Require.NotNull(value); } = Require.NotNull(Pattern);

    /// <inheritdoc/>
    public override bool Includes(WeightBlock block) => FileSystemName.MatchesSimpleExpression(Pattern, block.Name, ignoreCase: false);
}
