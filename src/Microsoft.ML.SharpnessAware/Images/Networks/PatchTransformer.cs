using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Patches of an image, and a vector that is learned, through layers of attention; what has become of that vector is classified. Dosovitskiy et al. 2021, arXiv:2010.11929, fig. 1; parameters are named as in timm.</summary>
internal sealed class PatchTransformer : nn.Module<Tensor, Tensor>, IResizesWeights
{
    // N(0, 0.02²), and nearly 0 for the vector that is learned, as in timm.
    const double Deviation = 0.02;
    const double FirstDeviation = 1e-6;

    const string Places = "pos_embed";

    [ComponentName(Name = "cls_token")] readonly Parameter _first;
    [ComponentName(Name = Places)] readonly Parameter _places;
    [ComponentName(Name = "patch_embed")] readonly nn.Module<Tensor, Tensor> _patches;
    [ComponentName(Name = "blocks")] readonly nn.Module<Tensor, Tensor> _blocks;
    [ComponentName(Name = "norm")] readonly nn.Module<Tensor, Tensor> _norm;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _rows;
    readonly int _columns;

    public PatchTransformer(ImageShape input, int patchSize, int width, int heads, int blocks, int classes) : base(nameof(PatchTransformer))
    {
        (_rows, _columns) = (input.Height / patchSize, input.Width / patchSize);
        (_first, _places) = (Learned(1, width), Learned(1 + _rows * _columns, width));
        _patches = nn.Sequential(("proj", nn.Conv2d(input.Channels, width, patchSize, patchSize)));
        _blocks = nn.Sequential(Enumerable.Range(0, blocks).Select(_ => new PatchTransformerBlock(width, heads)));
        _norm = nn.LayerNorm(width, PatchTransformerBlock.NormEpsilon);
        _head = nn.Linear(width, classes);
        nn.init.normal_(_first, 0, FirstDeviation);
        nn.init.normal_(_places, 0, Deviation);
        RegisterComponents();
        this.WithNormalMatrices(Deviation).WithZeroBiases();
    }

    public override Tensor forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        return _head.call(_norm.call(_blocks.call(Embedded(images))).select(1, 0)).MoveToOuterDisposeScope();
    }

    // Files are for square images.
    Func<Tensor, Tensor>? IResizesWeights.Resizing(TensorEntry inFile) =>
        inFile is { Name: Places, Shape: [1, > 1 and var vectors, var width] } && width == _places.shape[2]
        && PositionGrid.SideOf(vectors - 1) is { } side && (side, side) != (_rows, _columns)
            ? positions => PositionGrid.Resized(positions, _rows, _columns)
            : null;

    Tensor Embedded(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = _patches.call(images).flatten(2).transpose(1, 2);
        var first = _first.expand(images.shape[0], -1, -1);
        return (cat([first, patches], 1) + _places).MoveToOuterDisposeScope();
    }

    // Modules keep their parameters beyond the scope in which they were made.
    static Parameter Learned(int vectors, int width)
    {
        var parameter = new Parameter(zeros(1, vectors, width));
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
