using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The pixels of some images, one after another; those that cannot be decoded have a fault instead.</summary>
internal sealed class DecodedImages : IScorableRows
{
    readonly ImageModel _model;
    readonly byte[] _pixels;
    readonly string?[] _faults;

    DecodedImages(ImageModel model, byte[] pixels, string?[] faults) => (_model, _pixels, _faults) = (model, pixels, faults);

    public int Count => _faults.Length;

    public static DecodedImages Of(ImageModel model, IReadOnlyList<ImageCell> cells)
    {
        var size = model.Shape.Count * (model.Pixels == ScalarType.Byte ? 1 : sizeof(float));
        var (pixels, faults) = (new byte[cells.Count * size], new string?[cells.Count]);
        Parallel.For(0, cells.Count, i => cells[i].TryDecode(model.Shape, pixels.AsSpan(i * size, size), out faults[i]));
        return new DecodedImages(model, pixels, faults);
    }

    public IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device)
    {
        var pixels = empty(_model.Shape.OfBatch(Count), dtype: _model.Pixels);
        _pixels.CopyTo(pixels.bytes);
        var images = _model.Normalization.Apply(pixels.to(device));
        int[] all = [.. Enumerable.Range(0, Count)];
        return (_model.TestTimeAugmentation?.Views(images) ?? [images]).Select(view => (ChannelsLast.Of(view), all));
    }

    public bool IsUnusable(int index, long position)
    {
        if (_faults[index] is { } fault && _model.BadImages == BadImagePolicy.Fail)
            throw Contracts.Except($"Cannot classify the image of row {position} (counting from 0) in column '{_model.Columns.Feature}': {fault}. To give such rows the score NaN and no label, train with BadImages = {BadImagePolicy.Skip}.");
        return _faults[index] is not null;
    }
}
