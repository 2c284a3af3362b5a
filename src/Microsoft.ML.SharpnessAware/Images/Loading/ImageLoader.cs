using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Reads a data view once from beginning to end, and decodes its images side by side.</summary>
internal sealed class ImageLoader
{
    // Enough first images to tell a grey data set from a colored one that begins with a grey picture.
    const int Sample = 16;

    readonly ImageLoading _loading;
    readonly ImageReader _reader;
    readonly ImageRows _rows;
    readonly SortedDictionary<int, SkippedRow> _skipped = [];
    int _rowsDone;

    public ImageLoader(IDataView data, ImageLoading loading)
    {
        _loading = loading;
        _reader = ImageReader.For(data.Schema[loading.ImageColumn], loading.MaxMegapixels);
        _rows = new ImageRows(data, _reader, loading);
    }

    /// <exception cref="InvalidOperationException">An image is bad and bad ones are not to be skipped, or there is no good one, or they do not suit the network.</exception>
    public LoadedImages Load()
    {
        using var rows = _rows.GetEnumerator();
        var first = new List<ImageRow>();
        var shape = _reader.ShapeFor(_loading.Shape) ?? FindShape(rows, first);
        _loading.Network.CheckSize(shape);

        var pixels = new PixelCache(_reader.SizeOf(shape), _loading.CacheBudget, _loading.TempFolder);
        try
        {
            DecodeAll(first.Concat(Rest(rows)), shape, pixels);
            return new LoadedImages(shape, _reader.Element, pixels, [.. _rows.Labels], [.. _rows.ExampleWeights], UsableSlots(), [.. _skipped.Values], _rows.MissingLabels);
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    // The first usable image says the size; color anywhere in the sample means color. Where none is usable, decoding will say why.
    ImageShape FindShape(IEnumerator<ImageRow> rows, List<ImageRow> read)
    {
        var shapes = new List<ImageShape>();
        while ((read.Count < Sample || shapes.Count == 0) && rows.MoveNext())
        {
            read.Add(rows.Current);
            if (rows.Current.Image.OwnShape() is { } own)
                shapes.Add(own);
        }
        var size = _loading.Network.DefaultSize;
        var channels = shapes.Select(shape => shape.Channels).DefaultIfEmpty(1).Max();
        return shapes is [var first, ..] && first.Height <= size && first.Width <= size
            ? first with { Channels = channels }
            : new ImageShape(channels, size, size);
    }

    static IEnumerable<ImageRow> Rest(IEnumerator<ImageRow> rows)
    {
        while (rows.MoveNext())
            yield return rows.Current;
    }

    void DecodeAll(IEnumerable<ImageRow> rows, ImageShape shape, PixelCache cache)
    {
        var oneByOne = Partitioner.Create(rows, EnumerablePartitionerOptions.NoBuffering);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = _loading.Threads > 0 ? _loading.Threads : Environment.ProcessorCount };
        try
        {
            Parallel.ForEach(oneByOne, threads, () => new byte[_reader.SizeOf(shape)], Decode, _ => { });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
        }

        byte[] Decode(ImageRow row, ParallelLoopState loop, byte[] pixels)
        {
            if (row.Image.TryDecode(shape, pixels, out var fault))
                cache.Write(row.Slot, pixels);
            Finish(row, fault, loop);
            return pixels;
        }
    }

    void Finish(ImageRow row, string? fault, ParallelLoopState loop)
    {
        lock (_skipped)
        {
            if (fault is not null)
                _skipped.Add(row.Slot, new SkippedRow(row.Position, fault));
            if (fault is not null && _loading.BadImages == BadImagePolicy.Fail)
                loop.Stop();
            _loading.RowsDone?.Invoke(++_rowsDone);
        }
    }

    int[] UsableSlots()
    {
        if (_skipped.Values.FirstOrDefault() is { } bad && _loading.BadImages == BadImagePolicy.Fail)
            throw new InvalidOperationException($"The image of row {bad.Row} (counting from 0) in column '{_loading.ImageColumn}' cannot be used: {bad.Reason}. Remove the row, or set BadImages to Skip to train without such rows.");
        if (_skipped.Count == _rows.Labels.Count)
            throw new InvalidOperationException($"Column '{_loading.ImageColumn}' gives no image to learn from: {WhereTheRowsWent()}.");
        return [.. Enumerable.Range(0, _rows.Labels.Count).Where(slot => !_skipped.ContainsKey(slot))];
    }

    string WhereTheRowsWent()
    {
        var rows = _rows.MissingLabels + _skipped.Count;
        var example = string.Concat(_skipped.Values.Take(1).Select(bad => $" ({bad})"));
        return rows == 0 ? "the data have no rows" : $"of {rows} rows, {_rows.MissingLabels} lack a label and {_skipped.Count} a usable image{example}";
    }
}
