using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Residual networks whose width grows with each block, for small images: Han et al. 2017, arXiv:1610.02915, with bottlenecks; and ShakeDrop: Yamada et al. 2018, arXiv:1802.02375.</summary>
/// <remarks>For 10 classes and α = 200, 110 layers have 10,668,722 parameters and 272 have 26,210,842. They are named as in the authors' PyTorch code.</remarks>
/// <param name="Depth">Layers with weights: 110, 164, 200, 272, or any other 9n + 2; 110 by default.</param>
/// <param name="Alpha">How many more channels the inner convolution of the last block has than the first layer, which has 16; 200 by default.</param>
/// <param name="FinalSurvival">The probability that ShakeDrop does not change the last block; for the other blocks it falls linearly from 1 to this. 0.5 by default; 1 turns ShakeDrop off.</param>
public sealed record PyramidNet(int Depth = 110, int Alpha = 200, double FinalSurvival = 0.5) : ImageNetwork
{
    const int Stages = 3;
    const int FirstWidth = 16;

    /// <summary>Layers with weights: 9n + 2, with n blocks in each of three stages.</summary>
    public int Depth { get; init => field = NineNPlusTwo(value); } = NineNPlusTwo(Depth);

    /// <summary>How many more channels the inner convolution of the last block has than the first layer.</summary>
    public int Alpha { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Alpha);

    /// <summary>The probability that ShakeDrop does not change the last block.</summary>
    public double FinalSurvival { get; init => field = Require.Probability(value); } = Require.Probability(FinalSurvival);

    /// <inheritdoc/>
    public override int DefaultSize => 32;

    /// <inheritdoc/>
    public override int MinimumSize => 4;

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes)
    {
        var blocks = Blocks().ToArray();
        var width = PyramidBlock.Expansion * (FirstWidth + Alpha);
        return nn.Sequential([
            ("conv1", Convolution.Of(input.Channels, FirstWidth, size: 3)),
            ("bn1", nn.BatchNorm2d(FirstWidth)),
            .. blocks.Chunk(blocks.Length / Stages).Select((stage, number) => ($"layer{number + 1}", (nn.Module<Tensor, Tensor>)nn.Sequential(stage))),
            ("bn_final", nn.BatchNorm2d(width)),
            ("relu_final", nn.ReLU(inplace: true)),
            ("avgpool", nn.AdaptiveAvgPool2d(1)),
            ("flatten", nn.Flatten()),
            ("fc", nn.Linear(width, classes))]).WithHeInitialization();
    }

    // Each block has 13 times the square of its inner width; these squares are more than a quarter of the last one on average.
    internal override double LeastWeights(ImageShape input) => (Depth - 2) / 9 * 3.0 * Stages * Math.Pow(FirstWidth + (double)Alpha, 2);

    IEnumerable<nn.Module<Tensor, Tensor>> Blocks()
    {
        var count = (Depth - 2) / 9 * Stages;
        var (from, width) = (FirstWidth, (double)FirstWidth);
        for (var number = 0; number < count; number++)
        {
            width += (double)Alpha / count;
            var inner = (int)Math.Round(width);
            var halves = number > 0 && number % (count / Stages) == 0;
            yield return new PyramidBlock(from, inner, stride: halves ? 2 : 1, survival: 1 - (1 - FinalSurvival) * (number + 1) / count);
            from = PyramidBlock.Expansion * inner;
        }
    }

    static int NineNPlusTwo(int value) =>
        Require.That(value >= 11 && value % 9 == 2, value, "11, 20, 110, 272 or another 9n + 2", nameof(Depth));
}

/// <summary>A bottleneck that begins and ends with a norm, and a shortcut without weights. Han et al. 2017, arXiv:1610.02915, fig. 6 d.</summary>
internal sealed class PyramidBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    /// <summary>How many times as many channels come out as the inner convolution has.</summary>
    public const int Expansion = 4;

    [ComponentName(Name = "bn1")] readonly nn.Module<Tensor, Tensor> _bn1;
    [ComponentName(Name = "conv1")] readonly nn.Module<Tensor, Tensor> _conv1;
    [ComponentName(Name = "bn2")] readonly nn.Module<Tensor, Tensor> _bn2;
    [ComponentName(Name = "conv2")] readonly nn.Module<Tensor, Tensor> _conv2;
    [ComponentName(Name = "bn3")] readonly nn.Module<Tensor, Tensor> _bn3;
    [ComponentName(Name = "conv3")] readonly nn.Module<Tensor, Tensor> _conv3;
    [ComponentName(Name = "bn4")] readonly nn.Module<Tensor, Tensor> _bn4;
    [ComponentName(Name = "shake")] readonly nn.Module<Tensor, Tensor> _shake;
    [ComponentName(Name = "downsample")] readonly nn.Module<Tensor, Tensor>? _pool;
    readonly long _newChannels;

    public PyramidBlock(int from, int inner, int stride, double survival) : base(nameof(PyramidBlock))
    {
        _bn1 = nn.BatchNorm2d(from);
        _conv1 = Convolution.Of(from, inner, size: 1);
        _bn2 = nn.BatchNorm2d(inner);
        _conv2 = Convolution.Of(inner, inner, size: 3, stride);
        _bn3 = nn.BatchNorm2d(inner);
        _conv3 = Convolution.Of(inner, Expansion * inner, size: 1);
        _bn4 = nn.BatchNorm2d(Expansion * inner);
        _shake = new ShakeDrop(survival);
        _pool = stride == 1 ? null : nn.AvgPool2d(stride, stride, ceil_mode: true);
        _newChannels = Expansion * inner - from;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var narrow = _bn2.call(_conv1.call(_bn1.call(x))).relu_();
        var inner = _bn3.call(_conv2.call(narrow)).relu_();
        var residual = _shake.call(_bn4.call(_conv3.call(inner)));
        var shortcut = nn.functional.pad(_pool?.call(x) ?? x, [0, 0, 0, 0, 0, _newChannels]);
        return residual.add_(shortcut).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var narrow = graph.Relu(graph.Call(_bn2, graph.Call(_conv1, graph.Call(_bn1, x))));
        var inner = graph.Relu(graph.Call(_bn3, graph.Call(_conv2, narrow)));
        var residual = graph.Call(_shake, graph.Call(_bn4, graph.Call(_conv3, inner)));
        var shortcut = graph.PadChannels(_pool is null ? x : graph.Call(_pool, x), _newChannels);
        return graph.Add(residual, shortcut);
    }
}

/// <summary>Disturbs a residual branch in training: some images' branches are multiplied by α forward and β backward. Yamada et al. 2018, arXiv:1802.02375, eq. 6, with α of [-1, 1] and β of [0, 1], per image.</summary>
/// <remarks>The numbers come from libtorch's generator. In evaluation, the branch is multiplied by its expectation, the survival.</remarks>
internal sealed class ShakeDrop : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    readonly double _survival;

    /// <param name="survival">The probability that an image's branch stays as it is.</param>
    public ShakeDrop(double survival) : base(nameof(ShakeDrop)) => _survival = survival;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (training ? Shaken(x) : x * _survival).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x) => graph.Mul(x, graph.Constant(_survival));

    Tensor Shaken(Tensor x)
    {
        long[] perImage = [x.shape[0], 1, 1, 1];
        var stays = rand(perImage, x.dtype, x.device).lt(_survival);
        var forth = ones_like(stays, dtype: x.dtype).where(stays, 2 * rand(perImage, x.dtype, x.device) - 1);
        var back = ones_like(stays, dtype: x.dtype).where(stays, rand(perImage, x.dtype, x.device));
        // The value is x · forth and its gradient back: what is detached adds the difference of the values.
        return x * back + x.detach() * (forth - back);
    }
}
