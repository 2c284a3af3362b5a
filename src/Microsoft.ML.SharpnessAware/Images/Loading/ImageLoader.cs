using System.Collections;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Reads a data view once from beginning to end, and decodes its images side by side; of several workers, each its own images.</summary>
internal sealed class ImageLoader
{
    readonly ImageLoading _loading;
    readonly ImageReader _reader;
    readonly ImageRows _rows;
    readonly SortedDictionary<int, SkippedRow> _unusable = [];
    int _rowsDone;

    public ImageLoader(IDataView data, ImageLoading loading)
    {
        _loading = loading;
        _reader = ImageReader.For(data.Schema[loading.ImageColumn], loading.Decoding);
        _rows = new ImageRows(data, _reader, loading);
    }

    /// <exception cref="InvalidOperationException">An image is bad and bad ones are not to be skipped, or there is no good one, or they do not suit the network.</exception>
    public LoadedImages Load()
    {
        var own = Read();
        try
        {
            return own.SharedBy(_loading.Team);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Of several workers, each has only its own yet; their <see cref="LoadedImages.SharedBy"/> completes them.</summary>
    /// <exception cref="InvalidOperationException">An image is bad and bad ones are not to be skipped, or no shape was given and there is no good one, or they do not suit the network.</exception>
    public LoadedImages Read()
    {
        using var rows = _rows.GetEnumerator();
        var first = new FirstImages(_loading.Network?.DefaultSize ?? _loading.LargestSize, _loading.LeastChannels, _loading.Network?.TakesOneSize == true);
        var shape = _reader.ShapeFor(_loading.Shape) ?? first.FindShape(rows) ?? throw NothingUsable(first.Rows);
        (_loading.Network ?? ImageRecipes.NetworkFor(shape)).CheckSize(shape);

        _rows.OnlyOwnImages = true;
        var pixels = new PixelCache(shape.BytesAs(_reader.Element), _loading.CacheBudget, _loading.TempFolder);
        try
        {
            DecodeAll(first.Rows.Concat(Rest(rows)).Where(row => _loading.Team.Owns(row.Slot)), shape, pixels);
            CheckUsable();
            return new LoadedImages
            {
                Column = _loading.ImageColumn,
                Shape = shape,
                Element = _reader.Element,
                Pixels = new(pixels, _rows.Labels.Count, _loading.Team),
                Labels = [.. _rows.Labels],
                ExampleWeights = [.. _rows.ExampleWeights],
                Unusable = _unusable,
                MissingLabels = _rows.MissingLabels,
            };
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    static IEnumerable<ImageRow> Rest(IEnumerator<ImageRow> rows)
    {
        while (rows.MoveNext())
            yield return rows.Current;
    }

    void DecodeAll(IEnumerable<ImageRow> rows, ImageShape shape, PixelCache cache)
    {
        using var pixels = new ThreadLocal<byte[]>(() => new byte[cache.RowSize]);
        FreeThreads.ForEach(rows, _loading.Threads > 0 ? _loading.Threads : Environment.ProcessorCount, row =>
        {
            if (row.Image.TryDecode(shape, pixels.Value!, out var fault))
                cache.Write(SharedPixels.PlaceOf(row.Slot, _loading.Team), pixels.Value!);
            Finish(row, fault);
            return fault is null || _loading.BadImages != BadImagePolicy.Fail;
        });
    }

    void Finish(ImageRow row, string? fault)
    {
        lock (_unusable)
        {
            if (fault is not null)
                _unusable.Add(row.Slot, new SkippedRow(row.Position, fault));
            _loading.RowsDone?.Invoke(++_rowsDone);
        }
    }

    // Each worker has read all rows then, so that all say the same.
    InvalidOperationException NothingUsable(IReadOnlyList<ImageRow> rows)
    {
        foreach (var row in rows)
        {
            row.Image.TryDecode(new ImageShape(1, 1, 1), [], out var fault);
            Finish(row, fault);
        }
        CheckUsable();
        return LoadedImages.NothingToLearnFrom(_loading.ImageColumn, _rows.MissingLabels, _unusable.Values);
    }

    void CheckUsable()
    {
        if (_unusable.Values.FirstOrDefault() is { } bad && _loading.BadImages == BadImagePolicy.Fail)
            throw new InvalidOperationException($"The image of row {bad.Row} (counting from 0) in column '{_loading.ImageColumn}' cannot be used: {bad.Reason}. Remove the row, or set BadImages to Skip to train without such rows.");
    }
}

/// <summary>Finds out from the first rows in what shape to use all: in the size of the first usable image, and in color where one of them has any. They are decoded here, and kept in that size.</summary>
/// <param name="largestSize">Height and width to which larger images are scaled.</param>
/// <param name="leastChannels">Grey images get three channels where it is 3.</param>
/// <param name="takesOneSize">Whether smaller ones are scaled up to it, too.</param>
internal sealed class FirstImages(int largestSize, int leastChannels, bool takesOneSize = false)
{
    // Enough to tell a grey data set from a colored one that begins with a grey picture.
    const int Sample = 16;

    readonly List<ImageRow> _rows = [];
    ImageShape? _shape;

    /// <summary>The rows that have been read.</summary>
    public IReadOnlyList<ImageRow> Rows => _rows;

    /// <summary>Reads on until enough is known. Null where no image is usable: each row says why.</summary>
    public ImageShape? FindShape(IEnumerator<ImageRow> rows)
    {
        while ((_rows.Count < Sample || _shape is null) && rows.MoveNext())
            _rows.Add(rows.Current with { Image = Decoded(rows.Current.Image) });
        return _shape;
    }

    ImageCell Decoded(ImageCell cell)
    {
        try
        {
            using var image = cell.Decode();
            var own = image.OwnShape()!;
            _shape ??= !takesOneSize && own.Height <= largestSize && own.Width <= largestSize ? own : new ImageShape(1, largestSize, largestSize);
            _shape = _shape with { Channels = Math.Max(Math.Max(_shape.Channels, own.Channels), leastChannels) };
            return new DecodedCell(new ScaledImage(image, _shape));
        }
        catch (BadImageException bad)
        {
            return new UnreadableCell(bad.Message);
        }
    }
}

/// <summary>An image in the size in which it is used, in color or not.</summary>
internal sealed class ScaledImage : DecodedImage
{
    readonly byte[] _planes;

    public ScaledImage(DecodedImage image, ImageShape size)
    {
        var color = size with { Channels = 3 };
        _planes = new byte[color.Count];
        image.WriteTo(color, _planes);
    }

    // A shape without color is for images that are grey: red, green and blue of theirs are the luma.
    public override void WriteTo(ImageShape shape, Span<byte> pixels) => _planes.AsSpan(0, shape.Count).CopyTo(pixels);
}

/// <summary>What to do with a row whose image cannot be used: an empty or truncated file, or no image.</summary>
public enum BadImagePolicy
{
    /// <summary>Stops with an error that names the row and the reason.</summary>
    Fail,

    /// <summary>Leaves the row out, and reports how many and which.</summary>
    Skip,
}

/// <summary>Which images and labels to load, and how.</summary>
internal sealed record ImageLoading
{
    public required string ImageColumn { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Null: each row counts 1.</summary>
    public string? WeightColumn { get; init; }

    /// <summary>What the images are for; null: a network that suits them.</summary>
    public required ImageNetwork? Network { get; init; }

    /// <summary>Height and width to which larger images are scaled where neither a network nor a shape is given.</summary>
    public int LargestSize { get; init; }

    /// <summary>The fewest channels where no shape is given: grey images get three where the network's trained weights have three.</summary>
    public int LeastChannels { get; init; } = 1;

    /// <summary>Null: found out from the first images.</summary>
    public ImageShape? Shape { get; init; }

    public BadImagePolicy BadImages { get; init; }

    public required ImageDecoding Decoding { get; init; }

    /// <summary>How many images are decoded at a time; 0: one on each core.</summary>
    public int Threads { get; init; }

    /// <summary>Bytes of pixels to hold in memory; what is more goes to temporary files.</summary>
    public long CacheBudget { get; init; } = long.MaxValue;

    public string TempFolder { get; init; } = Path.GetTempPath();

    /// <summary>The workers, each of which reads its own images.</summary>
    public Team Team { get; init; } = Team.Alone;

    /// <summary>Called for every row, from any thread; throws to stop.</summary>
    public Action CheckAlive { get; init; } = () => { };

    /// <summary>Told how many rows are done, one call at a time, from any thread.</summary>
    public Action<int>? RowsDone { get; init; }
}

/// <summary>A labelled row as it comes from the cursor.</summary>
/// <param name="Slot">Its number among the labelled rows.</param>
/// <param name="Position">Its number among all rows.</param>
/// <param name="Image">Its image, unless only the worker's own are read.</param>
internal readonly record struct ImageRow(int Slot, long Position, ImageCell Image);

/// <summary>The labelled rows of a data view, one after the other; to be enumerated once.</summary>
internal sealed class ImageRows(IDataView data, ImageReader reader, ImageLoading loading) : IEnumerable<ImageRow>
{
    readonly List<long> _labels = [];
    readonly List<float> _weights = [];

    /// <summary>Class numbers from 0, of the rows read so far.</summary>
    public IReadOnlyList<long> Labels => _labels;

    /// <summary>How much each of them counts.</summary>
    public IReadOnlyList<float> ExampleWeights => _weights;

    /// <summary>Rows left out so far because their label is missing.</summary>
    public int MissingLabels { get; private set; }

    /// <summary>Whether images of other workers are not read, from the next row on.</summary>
    public bool OnlyOwnImages { get; set; }

    public IEnumerator<ImageRow> GetEnumerator()
    {
        var (imageColumn, labelColumn) = (data.Schema[loading.ImageColumn], data.Schema[loading.LabelColumn]);
        var weights = new ExampleWeightReader(data.Schema, loading.WeightColumn);
        using var cursor = reader.Cursor(data, [imageColumn, labelColumn, .. weights.Columns]);
        var label = LabelReader.Open(cursor, labelColumn);
        var weight = weights.Open(cursor);
        var image = reader.Open(cursor, imageColumn);
        while (cursor.MoveNext())
        {
            loading.CheckAlive();
            var key = label();
            if (key == 0)
            {
                MissingLabels++;
                continue;
            }
            _labels.Add(key - 1);
            _weights.Add(weight());
            var slot = _labels.Count - 1;
            yield return new ImageRow(slot, cursor.Position, OnlyOwnImages && !loading.Team.Owns(slot) ? new UnreadableCell("another worker reads it") : image());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
