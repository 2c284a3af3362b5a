namespace Microsoft.ML.SharpnessAware;

/// <summary>Compares float32 convolutions with float64, in the layout in which networks compute: on some CPUs some versions of libtorch compute wrong ones.</summary>
internal static class ConvolutionCheck
{
    // Rounding is 1e-6; the faults that were seen were 0.15 and more.
    const double Tolerance = 1e-3;

    static readonly Shape[] Shapes =
    [
        new("3×3 convolution, 12 to 24 channels", [16, 12, 8, 8], [24, 12, 3, 3]),
        new("3×3 convolution of stride 2, 20 to 40 channels", [16, 20, 9, 9], [40, 20, 3, 3], Stride: 2),
        new("3×3 convolution of one image, 24 to 24 channels", [1, 24, 8, 8], [24, 24, 3, 3]),
        new("3×3 depthwise convolution, 24 channels", [4, 24, 8, 8], [24, 1, 3, 3], Groups: 24),
        new("3×3 convolution in 2 groups, 24 to 40 channels", [4, 24, 8, 8], [40, 12, 3, 3], Groups: 2),
        new("7×7 convolution, 3 to 20 channels", [2, 3, 16, 16], [20, 3, 7, 7], Stride: 2),
        new("3×3 convolution, 1 to 12 channels", [16, 1, 8, 8], [12, 1, 3, 3]),
        new("1×1 convolution, 512 to 512 channels", [4, 512, 2, 2], [512, 512, 1, 1]),
        new("convolution over 3 words, 300 to 20 channels", [4, 300, 1, 12], [20, 300, 1, 3]),
    ];

    static readonly Lazy<Verdict> _verdict = new(() =>
    {
        var start = TimeProvider.System.GetTimestamp();
        return Judge(FirstFault, OneDnn.SwitchOff) with { Took = TimeProvider.System.GetElapsedTime(start) };
    });

    /// <summary>Runs the comparison, once per process, and says what came of it in a line.</summary>
    /// <exception cref="InvalidOperationException">A convolution is wrong on this CPU.</exception>
    public static void Require(Action<string> trace)
    {
        var isFirst = !_verdict.IsValueCreated;
        var verdict = _verdict.Value;
        if (verdict.Fault is not null)
            throw new InvalidOperationException($"libtorch computes wrong numbers on this CPU: {verdict.Fault}. This is a fault of the libtorch that the application brings, and a network trained with it would be wrong. Compute on a GPU (the MLContext's GpuDeviceId), or take another version of libtorch.");
        if (!isFirst)
            return;
        if (OneDnn.SwitchOffWithoutCacheSizes())
            trace("This virtual machine does not tell the sizes of the processor's caches, without which oneDNN computes wrong convolutions: libtorch computes its own.");
        if (verdict.Cured is not null)
            trace($"oneDNN computes wrong numbers on this CPU: {verdict.Cured}. libtorch computes its own convolutions.");
        trace(Invariant($"{Shapes.Length} float32 convolutions agree with float64 on this CPU (compared in {verdict.Took.TotalMilliseconds:F0} ms)."));
    }

    /// <summary>Whether convolutions are right, if need be without oneDNN.</summary>
    /// <param name="firstFault">Compares; null where nothing is wrong.</param>
    /// <param name="switchOff">Switches oneDNN off; returns whether it is off.</param>
    internal static Verdict Judge(Func<string?> firstFault, Func<bool> switchOff)
    {
        if (firstFault() is not { } fault)
            return new(Fault: null, Cured: null);
        if (!switchOff())
            return new(fault, Cured: null);
        return firstFault() is { } other ? new(other, Cured: null) : new(Fault: null, Cured: fault);
    }

    static string? FirstFault() => Shapes.Select(shape => FaultOf(shape)).FirstOrDefault(fault => fault is not null);

    /// <summary>What is wrong with convolutions of that shape, their gradients included; null where nothing is.</summary>
    /// <param name="shape">Of the input and the filters.</param>
    /// <param name="damage">Changes the float32 results; for tests.</param>
    internal static string? FaultOf(Shape shape, Action<Tensor[]>? damage = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        using var random = new Generator(1);
        var input = randn(shape.Input, dtype: ScalarType.Float64, generator: random);
        var filters = randn(shape.Filters, dtype: ScalarType.Float64, generator: random);
        var exact = Compute(shape, input, filters);
        var found = Compute(shape, input.to(ScalarType.Float32), filters.to(ScalarType.Float32));
        damage?.Invoke(found);
        foreach (var (index, what) in new[] { "", "the gradient of its input in a ", "the gradient of its filters in a " }.Index())
        {
            // With one channel strides cannot tell the layouts apart, and nothing asks for the gradient of an image.
            if (index == 1 && shape.Input[1] == 1)
                continue;
            var error = ((found[index] - exact[index]).abs().max() / exact[index].abs().max()).ToDouble();
            if (!(error <= Tolerance))
                return Invariant($"{what}{shape.Name} in float32 is off by {error:P0} of its largest value");
        }
        return null;
    }

    // The output, and the gradients of input and filters.
    static Tensor[] Compute(Shape shape, Tensor input, Tensor filters)
    {
        var x = ChannelsLast.Of(input).detach().requires_grad_(true);
        var w = ChannelsLast.Of(filters).detach().requires_grad_(true);
        var y = nn.functional.conv2d(x, w, strides: [shape.Stride, shape.Stride], padding: [shape.Filters[2] / 2, shape.Filters[3] / 2], groups: shape.Groups);
        // The sum of squares: a gradient that is not the same everywhere.
        y.square().sum().backward();
        return [y.detach(), x.grad!, w.grad!];
    }

    /// <param name="Name">What errors call it.</param>
    /// <param name="Input">[N, C, H, W].</param>
    /// <param name="Filters">[filters, C / groups, height, width].</param>
    /// <param name="Stride">In both directions.</param>
    /// <param name="Groups">Into which channels are divided.</param>
    internal sealed record Shape(string Name, long[] Input, long[] Filters, long Stride = 1, long Groups = 1);

    /// <param name="Fault">What is wrong; null where nothing is.</param>
    /// <param name="Cured">What was wrong with oneDNN, and is not without it; null where nothing was.</param>
    internal sealed record Verdict(string? Fault, string? Cured)
    {
        public TimeSpan Took { get; init; }
    }
}
