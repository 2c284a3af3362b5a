using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The order in which a network's trainable parameters lie in one vector: first those in no group, then group by group.</summary>
internal sealed class WeightLayout
{
    public WeightLayout(nn.Module network, IReadOnlyList<WeightFilter> groups)
    {
        var owners = network.named_modules().ToDictionary(m => m.name, m => m.module);
        var grouped = network.named_parameters().Where(p => p.parameter.requires_grad)
            .Select(p => (p.parameter, Block: BlockOf(p.name, p.parameter, owners.GetValueOrDefault(Owner(p.name), network))))
            .ToLookup(p => GroupOf(p.Block, groups));

        var sizes = new long[groups.Count + 1];
        var parameters = new List<(WeightBlock, Parameter)>();
        for (var (group, offset) = (0, 0L); group < sizes.Length; group++)
            foreach (var (parameter, block) in grouped[group])
            {
                parameters.Add((block.At(offset), parameter));
                sizes[group] += block.Count;
                offset += block.Count;
            }
        (Parameters, GroupSizes) = (parameters, sizes);
    }

    public IReadOnlyList<(WeightBlock Block, Parameter Parameter)> Parameters { get; }

    /// <summary>How many weights each group has; the first number is that of the weights in none.</summary>
    public IReadOnlyList<long> GroupSizes { get; }

    static int GroupOf(WeightBlock block, IReadOnlyList<WeightFilter> groups)
    {
        for (var i = 0; i < groups.Count; i++)
            if (groups[i].Includes(block))
                return i + 1;
        return 0;
    }

    static WeightBlock BlockOf(string name, Parameter parameter, nn.Module owner) =>
        new(name, parameter.shape, owner.GetType().Name.Contains("Norm", StringComparison.Ordinal), offset: 0, ChannelsLast.AreFilters(owner, parameter));

    static string Owner(string parameter) => parameter[..Math.Max(0, parameter.LastIndexOf('.'))];
}
