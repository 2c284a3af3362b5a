using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Transformers over patches of an image. Dosovitskiy et al. 2021, arXiv:2010.11929; parameters are named as in timm.</summary>
/// <remarks>The parameters belong to one size of images; position embeddings in a file of <see cref="ImageNetwork.Weights"/> are interpolated to that size, as in timm. Pixels are then scaled to -1 … 1, as by the authors and timm's vit models; for timm's deit models, set <see cref="ImageNetwork.Normalization"/> to <see cref="Normalization.ImageNet"/>.</remarks>
public abstract record VisionTransformer : ImageNetwork
{
    const int Blocks = 12;
    const int HeadWidth = 64;

    private protected VisionTransformer(int patchSize) => PatchSize = patchSize;

    /// <summary>Height and width of a patch, in pixels; 16 by default, and 4 to 8 for images of 32 pixels.</summary>
    public int PatchSize { get; init => field = Require.AtLeast(1, value); }

    /// <inheritdoc/>
    public override int DefaultSize => PatchSize < 8 ? 8 * PatchSize : Math.Max(1, 224 / PatchSize) * PatchSize;

    /// <inheritdoc/>
    public override int MinimumSize => PatchSize;

    /// <inheritdoc/>
    protected override string LastLayer => "head";

    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Normalization.MinusOneToOne;

    /// <summary>Numbers for each patch.</summary>
    private protected abstract int Width { get; }

    internal override void CheckSize(ImageShape input)
    {
        base.CheckSize(input);
        if (input.Height % PatchSize != 0 || input.Width % PatchSize != 0)
            throw new InvalidOperationException($"{this} needs images whose height and width are multiples of {PatchSize} pixels, but these are {input.Width}×{input.Height}. Set ImageShape to have them scaled, for example to {DefaultSize}×{DefaultSize}, or PatchSize to a divisor of both.");
    }

    // Of the positions, and of what takes a patch.
    internal override double LeastWeights(ImageShape input) => Width * ((double)(input.Height / PatchSize) * (input.Width / PatchSize) + (double)PatchSize * PatchSize);

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
        new PatchTransformer(input, PatchSize, Width, heads: Width / HeadWidth, Blocks, classes);
}

/// <summary>What a vision transformer has learned about the places of patches, brought to another number of patches as timm does: bicubic (Keys 1981, a = -0.5), and a weighted mean where patches become fewer.</summary>
internal static class PositionGrid
{
    /// <summary>How many patches lie side by side in a square of so many; null where they make no square.</summary>
    public static int? SideOf(long patches) => (long)Math.Round(Math.Sqrt(patches)) is var side && side * side == patches ? (int)side : null;

    /// <summary>From a vector that is no place's and those of a square [1, 1 + n², W] to [1, 1 + <paramref name="height"/>·<paramref name="width"/>, W].</summary>
    public static Tensor Resized(Tensor positions, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (patches, numbers) = (positions.shape[1] - 1, positions.shape[2]);
        var side = SideOf(patches) ?? throw new ArgumentException($"{patches} patches make no square.");
        var square = positions.narrow(1, 1, patches).to(ScalarType.Float64).transpose(1, 2).reshape(1, numbers, side, side);
        var resized = nn.functional.interpolate(square, [height, width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true);
        return cat([positions.narrow(1, 0, 1), resized.flatten(2).transpose(1, 2).to(positions.dtype)], 1).MoveToOuterDisposeScope();
    }
}

/// <summary>Multi-head attention: each patch of an image attends to all of them. Vaswani et al. 2017, arXiv:1706.03762, §3.2; parameters are named as in timm.</summary>
internal sealed class PatchAttention : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    [ComponentName(Name = "qkv")] readonly nn.Module<Tensor, Tensor> _queriesKeysValues;
    [ComponentName(Name = "proj")] readonly nn.Module<Tensor, Tensor> _output;
    readonly int _heads;
    readonly double _scale;

    public PatchAttention(int width, int heads) : base(nameof(PatchAttention))
    {
        (_queriesKeysValues, _output) = (nn.Linear(width, 3 * width), nn.Linear(width, width));
        (_heads, _scale) = (heads, 1 / Math.Sqrt((double)width / heads));
        RegisterComponents();
    }

    /// <param name="x">[N, L, width].</param>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var all = _queriesKeysValues.call(x).view(x.shape[0], x.shape[1], 3, _heads, -1).permute(2, 0, 3, 1, 4);
        var (queries, keys, values) = (all.select(0, 0), all.select(0, 1), all.select(0, 2));
        var weights = (queries * _scale).matmul(keys.transpose(-2, -1)).softmax(-1);
        return _output.call(weights.matmul(values).transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var all = graph.Transpose(graph.Reshape(graph.Call(_queriesKeysValues, x), 0, 0, 3, _heads, -1), 2, 0, 3, 1, 4);
        var (queries, keys, values) = (graph.Select(all, 0, 0), graph.Select(all, 0, 1), graph.Select(all, 0, 2));
        var weights = graph.Softmax(graph.MatMul(graph.Mul(queries, graph.Constant(_scale)), graph.Transpose(keys, 0, 1, 3, 2)));
        return graph.Call(_output, graph.Reshape(graph.Transpose(graph.MatMul(weights, values), 0, 2, 1, 3), 0, 0, -1));
    }
}

/// <summary>Patches of an image, and a vector that is learned, through layers of attention; what has become of that vector is classified. Dosovitskiy et al. 2021, arXiv:2010.11929, fig. 1; parameters are named as in timm.</summary>
internal sealed class PatchTransformer : nn.Module<Tensor, Tensor>, IResizesWeights, IOnnxLayer
{
    // N(0, 0.02²), and nearly 0 for the vector that is learned, as in timm.
    const double Deviation = 0.02;
    const double FirstDeviation = 1e-6;

    const string PositionEmbeddings = "pos_embed";

    [ComponentName(Name = "cls_token")] readonly Parameter _first;
    [ComponentName(Name = PositionEmbeddings)] readonly Parameter _positions;
    [ComponentName(Name = "patch_embed")] readonly nn.Module<Tensor, Tensor> _patches;
    [ComponentName(Name = "blocks")] readonly nn.Module<Tensor, Tensor> _blocks;
    [ComponentName(Name = "norm")] readonly nn.Module<Tensor, Tensor> _norm;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _rows;
    readonly int _columns;

    public PatchTransformer(ImageShape input, int patchSize, int width, int heads, int blocks, int classes) : base(nameof(PatchTransformer))
    {
        (_rows, _columns) = (input.Height / patchSize, input.Width / patchSize);
        (_first, _positions) = (Learned(1, width), Learned(1 + _rows * _columns, width));
        _patches = nn.Sequential(("proj", nn.Conv2d(input.Channels, width, patchSize, patchSize)));
        _blocks = nn.Sequential(Enumerable.Range(0, blocks).Select(_ => new PatchTransformerBlock(width, heads)));
        _norm = nn.LayerNorm(width, PatchTransformerBlock.NormEpsilon);
        _head = nn.Linear(width, classes);
        nn.init.normal_(_first, 0, FirstDeviation);
        nn.init.normal_(_positions, 0, Deviation);
        RegisterComponents();
        this.WithNormalMatrices(Deviation).WithZeroBiases();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _head.call(_norm.call(_blocks.call(Embedded(images))).select(1, 0)).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string images) =>
        graph.Call(_head, graph.Select(graph.Call(_norm, graph.Call(_blocks, Embedded(graph, images))), axis: 1, 0));

    // Files are for square images.
    Func<Tensor, Tensor>? IResizesWeights.Resizing(TensorEntry inFile) =>
        inFile is { Name: PositionEmbeddings, Shape: [1, > 1 and var vectors, var width] } && width == _positions.shape[2]
        && PositionGrid.SideOf(vectors - 1) is { } side && (side, side) != (_rows, _columns)
            ? positions => PositionGrid.Resized(positions, _rows, _columns)
            : null;

    Tensor Embedded(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = _patches.call(images).flatten(2).transpose(1, 2);
        var first = _first.expand(images.shape[0], -1, -1);
        return (cat([first, patches], 1) + _positions).MoveToOuterDisposeScope();
    }

    string Embedded(OnnxGraph graph, string images)
    {
        var patches = graph.Transpose(graph.Reshape(graph.Call(_patches, images), 0, 0, -1), 0, 2, 1);
        var forEach = graph.Concat(0, graph.Reshape(graph.SizeOf(images, 0), 1), graph.Constant(1, 1));
        var first = graph.Node("Expand", [graph.Weights("cls_token", _first), forEach]);
        return graph.Add(graph.Concat(1, first, patches), graph.Weights(PositionEmbeddings, _positions));
    }

    // Modules keep their parameters beyond the scope in which they were made.
    static Parameter Learned(int vectors, int width)
    {
        var parameter = new Parameter(zeros(1, vectors, width));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}

/// <summary>Attention, then two linear layers, with norms before and shortcuts around each. Dosovitskiy et al. 2021, arXiv:2010.11929, eq. 2 and 3; parameters are named as in timm.</summary>
internal sealed class PatchTransformerBlock : nn.Module<Tensor, Tensor>, IOnnxLayer
{
    /// <summary>Added to the variance by norm layers.</summary>
    public const double NormEpsilon = 1e-6;

    const int Expansion = 4;

    [ComponentName(Name = "norm1")] readonly nn.Module<Tensor, Tensor> _norm1;
    [ComponentName(Name = "attn")] readonly nn.Module<Tensor, Tensor> _attention;
    [ComponentName(Name = "norm2")] readonly nn.Module<Tensor, Tensor> _norm2;
    [ComponentName(Name = "mlp")] readonly nn.Module<Tensor, Tensor> _feedForward;

    public PatchTransformerBlock(int width, int heads) : base(nameof(PatchTransformerBlock))
    {
        _norm1 = nn.LayerNorm(width, NormEpsilon);
        _attention = new PatchAttention(width, heads);
        _norm2 = nn.LayerNorm(width, NormEpsilon);
        _feedForward = nn.Sequential(("fc1", nn.Linear(width, Expansion * width)), ("act", nn.GELU()), ("fc2", nn.Linear(Expansion * width, width)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var attended = x + _attention.call(_norm1.call(x));
        return (attended + _feedForward.call(_norm2.call(attended))).MoveToOuterDisposeScope();
    }

    public string AddTo(OnnxGraph graph, string x)
    {
        var attended = graph.Add(x, graph.Call(_attention, graph.Call(_norm1, x)));
        return graph.Add(attended, graph.Call(_feedForward, graph.Call(_norm2, attended)));
    }
}

/// <summary>The vision transformer of width 768; 86,567,656 parameters for 1000 classes of images of 224 pixels. Dosovitskiy et al. 2021, arXiv:2010.11929, table 1; parameters are named as in timm.</summary>
/// <param name="PatchSize">Height and width of a patch, in pixels; 16 by default.</param>
public sealed record ViTBase(int PatchSize = 16) : VisionTransformer(PatchSize)
{
    private protected override int Width => 768;
}

/// <summary>The vision transformer of width 384; 22,050,664 parameters for 1000 classes of images of 224 pixels. Touvron et al. 2021, arXiv:2012.12877, table 1; parameters are named as in timm.</summary>
/// <param name="PatchSize">Height and width of a patch, in pixels; 16 by default.</param>
public sealed record ViTSmall(int PatchSize = 16) : VisionTransformer(PatchSize)
{
    private protected override int Width => 384;
}

/// <summary>The vision transformer of width 192; 5,717,416 parameters for 1000 classes of images of 224 pixels. Touvron et al. 2021, arXiv:2012.12877, table 1; parameters are named as in timm.</summary>
/// <param name="PatchSize">Height and width of a patch, in pixels; 16 by default.</param>
public sealed record ViTTiny(int PatchSize = 16) : VisionTransformer(PatchSize)
{
    private protected override int Width => 192;
}
