using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The memory layout in which convolutions compute: the numbers of a pixel's channels lie side by side, and so do those of a filter's. Shapes stay as they are.</summary>
/// <remarks>libtorch takes this layout where an input or a filter has its strides. On narrow networks it is the faster one. Files keep the default layout.</remarks>
internal static class ChannelsLast
{
    /// <summary>Images [N, C, H, W] in that layout, in the caller's scope: a copy, unless they have it.</summary>
    public static Tensor Of(Tensor images) => images.shape[1] == 1
        // Any strides are dense then, and libtorch tells the layouts apart by these.
        ? images.contiguous().as_strided(images.shape, [.. images.shape.Index().Select(d => d.Index == 1 ? 1 : images.shape[(d.Index + 1)..].Aggregate(1L, (product, size) => product * size))], 0)
        : Shaped(InMemoryOrder(images).contiguous());

    /// <summary>Gives all filters of a network that layout, and returns the network.</summary>
    public static T Arrange<T>(T network)
        where T : nn.Module
    {
        using var noGrad = no_grad();
        foreach (var (module, parameter) in Parameters(network))
        {
            // One for each: a network's filters are never in memory twice.
            using var scope = NewDisposeScope();
            if (AreFilters(module, parameter))
                parameter.set_(Of(parameter.detach()));
        }
        return network;
    }

    /// <summary>Whether a parameter holds a convolution's filters: all of four dimensions do, and those of three that belong to a Conv1d.</summary>
    public static bool AreFilters(nn.Module owner, Tensor parameter) => parameter.dim() == 4 || (parameter.dim() == 3 && owner is Conv1d);

    /// <summary>Filters, or images, with the channels as the last dimension; a view.</summary>
    public static Tensor InMemoryOrder(Tensor filters) => filters.movedim([1], [-1]);

    /// <summary>Undoes <see cref="InMemoryOrder(Tensor)"/>; a view.</summary>
    public static Tensor Shaped(Tensor inMemoryOrder) => inMemoryOrder.movedim([-1], [1]);

    /// <summary>The shape that <see cref="InMemoryOrder(Tensor)"/> gives to filters of that shape.</summary>
    public static long[] InMemoryOrder(long[] shape) => [shape[0], .. shape[2..], shape[1]];

    static IEnumerable<(nn.Module Owner, Parameter Parameter)> Parameters(nn.Module network) =>
        network.modules().Prepend(network).SelectMany(module => module.named_parameters(recurse: false).Select(own => (module, own.parameter)));
}
