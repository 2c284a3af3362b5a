using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier of images.</summary>
internal sealed class ImageClassifier(ImageModel model, LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device) : Classifier(typeof(SamImageTransformer), classes, network, device, model.Embedding, model.Network.NameOfLastLayer)
{
    public override ClassifierColumns Columns => new(model.Columns.Label, model.Columns.Score, model.Columns.PredictedLabel, model.Embedding?.Name);

    public override JsonObject Training => model.Training;

    public override OnnxInputs OnnxInputs { get; } = new ImageOnnxInputs(model);

    /// <summary>All about it but its weights and the values of its keys.</summary>
    public ImageModel Model => model;

    public override ClassifierFacts Facts => new()
    {
        Network = model.Network.ToString(),
        Input = $"images of {model.Shape.Width}×{model.Shape.Height} pixels, {(model.Shape.Channels == 1 ? "grey" : "in color")}",
        Classes = Classes.Names,
        LabelColumnName = model.Columns.Label,
        InputColumnNames = [model.Columns.Feature],
        ScoreColumnName = model.Columns.Score,
        PredictedLabelColumnName = model.Columns.PredictedLabel,
        TrainingJson = model.Training.ToJsonString(RecordJson.Options),
    };

    /// <exception cref="FormatException">The model is damaged.</exception>
    public static ImageClassifier Load(IHost host, ModelLoadContext context)
    {
        var (classes, model) = LoadModel<ImageModel>(host, context);
        var device = Libtorch.OpenToScore(host);
        return new ImageClassifier(model, classes, LoadNetwork(host, context, device, model.Network.LeastWeights(model.Shape), () => model.Network.WithoutFiles.Build(model.Shape, classes.Count)), device);
    }

    public override ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context) => new ImageInput(model, schema, context);

    public override nn.Module<Tensor, Tensor> BuildNetwork() => model.Network.WithoutFiles.Build(model.Shape, Classes.Count);

    public override IExamples Load(IDataView data, IHost host, Action checkAlive) => ImageExamples.Load(data, new ImageLoading
    {
        ImageColumn = model.Columns.Feature,
        LabelColumn = model.Columns.Label,
        Network = model.Network,
        Shape = model.Shape,
        BadImages = model.BadImages,
        Decoding = model.Decoding,
        CacheBudget = new SamImageTrainer.Options().CacheMegabytes * 1_000_000L,
        TempFolder = HostSettings.Of(host).TempFilePath,
        CheckAlive = checkAlive,
    }).With(model.Normalization);

    protected override void SaveParts(ModelSaveContext context) => Read(network => ModelParts.Save(context, model, network));
}

/// <summary>The pixels of some images, one after another; those that cannot be decoded have a fault instead.</summary>
internal sealed class DecodedImages : IScorableRows
{
    readonly ImageModel _model;
    readonly byte[] _pixels;
    readonly string?[] _faults;

    DecodedImages(ImageModel model, byte[] pixels, string?[] faults) => (_model, _pixels, _faults) = (model, pixels, faults);

    public int Count => _faults.Length;

    /// <param name="model">What they are made ready for.</param>
    /// <param name="cells">The images.</param>
    /// <param name="pixels">Memory for them, which is the result's until it is used for others; made larger where it is too small.</param>
    public static DecodedImages Of(ImageModel model, IReadOnlyList<ImageCell> cells, ref byte[] pixels)
    {
        var size = model.Shape.BytesAs(model.Pixels);
        if (pixels.Length < cells.Count * size)
            pixels = new byte[cells.Count * size];
        var (target, faults) = (pixels, new string?[cells.Count]);
        FreeThreads.For(cells.Count, i =>
        {
            var image = target.AsSpan(i * size, size);
            if (!cells[i].TryDecode(model.Shape, image, out faults[i]))
                image.Clear();
        });
        return new DecodedImages(model, target, faults);
    }

    public IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device)
    {
        var pixels = empty(_model.Shape.OfBatch(Count), dtype: _model.Pixels);
        var memory = pixels.bytes;
        _pixels.AsSpan(0, memory.Length).CopyTo(memory);
        var images = _model.Normalization.Apply(pixels.to(device));
        int[] all = [.. Enumerable.Range(0, Count)];
        return (_model.TestTimeAugmentation?.Views(images) ?? [images]).Select(view => (ChannelsLast.Of(view), all));
    }

    public bool IsUnusable(int index, long? position)
    {
        if (_faults[index] is { } fault && _model.BadImages == BadImagePolicy.Fail)
            throw Contracts.Except($"Cannot classify the image of {ScoredRows.NameOf(position)} in column '{_model.Columns.Feature}': {fault}. To give such rows the score NaN and no label, train with BadImages = {BadImagePolicy.Skip}.");
        return _faults[index] is not null;
    }
}

/// <summary>The column that an image classifier reads.</summary>
internal static class FeatureColumn
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds something else.</exception>
    public static void Check(SchemaShape input, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var column))
            throw context.ExceptSchemaMismatch(nameof(input), "feature", name);
        if (column.IsKey || !IsEncoded(column) && !IsDecoded(column) && !IsPixels(column))
            throw context.ExceptSchemaMismatch(nameof(input), "feature", name, ImageReader.Expected, column.GetTypeString());
    }

    static bool IsEncoded(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.Scalar && column.ItemType == NumberDataViewType.Byte;

    static bool IsDecoded(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType.RawType == typeof(MLImage);

    static bool IsPixels(SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single;
}

/// <summary>The names of the columns that an image classifier reads and adds.</summary>
internal sealed record ImageColumns(string Label, string Feature, string Score, string PredictedLabel);

/// <summary>The image column that a classifier reads.</summary>
internal sealed class ImageInput : ClassifierInput
{
    readonly ImageModel _model;
    readonly DataViewSchema.Column _column;
    readonly ImageReader _reader;

    public ImageInput(ImageModel model, DataViewSchema schema, IExceptionContext context)
    {
        FeatureColumn.Check(SchemaShape.Create(schema), model.Columns.Feature, context);
        _model = model;
        _column = schema[model.Columns.Feature];
        _reader = ImageReader.For(_column, model.Decoding);
        CheckFit(context);
    }

    public override IReadOnlyList<DataViewSchema.Column> Columns => [_column];

    public override DataViewRowCursor Cursor(IDataView data, IEnumerable<DataViewSchema.Column> others, Random? random) => _reader.Cursor(data, [_column, .. others], random);

    public override IRowIntake Open(DataViewRow row) => new ImageIntake(_model, _reader.Open(row, _column));

    void CheckFit(IExceptionContext context)
    {
        var asPixels = _model.Pixels == ScalarType.Float32;
        if (_reader.Element != _model.Pixels || asPixels && ((VectorDataViewType)_column.Type).Size != _model.Shape.Count)
            throw context.ExceptSchemaMismatch("input", "feature", _column.Name, asPixels ? $"the pixels that the model was trained on, Vector<Single, {_model.Shape.Count}>" : "images, which the model was trained on", _column.Type.ToString());
    }
}

/// <summary>Gathers images and decodes them side by side.</summary>
internal sealed class ImageIntake(ImageModel model, Func<ImageCell> image) : IRowIntake
{
    // Of the pixels of a batch. As float32 they take up to four times as much.
    const int MostBytes = 1 << 28;

    readonly List<ImageCell> _cells = [];

    // Of all batches: an array of its own for each would keep the garbage collector busy.
    byte[] _pixels = [];

    public int Most => Math.Max(1, MostBytes / model.Shape.BytesAs(model.Pixels));

    public void Add() => _cells.Add(image());

    public IScorableRows Take()
    {
        var images = DecodedImages.Of(model, _cells, ref _pixels);
        _cells.Clear();
        return images;
    }

    public void Clear() => _cells.Clear();
}

/// <summary>All about an image classifier but its weights and the values of its keys; what Model.json holds.</summary>
internal sealed record ImageModel : IClassifierModel
{
    public required ImageColumns Columns { get; init; }

    public required ImageNetwork Network { get; init; }

    public required ImageShape Shape { get; init; }

    /// <summary>What pixels are given as: bytes, or float32 for vectors of Single.</summary>
    public required ScalarType Pixels { get; init; }

    public required Normalization Normalization { get; init; }

    public required BadImagePolicy BadImages { get; init; }

    /// <summary>The most million pixels that an encoded image may have.</summary>
    public int MaxMegapixels { get; init; } = ImageDecoding.DefaultMaxMegapixels;

    /// <summary>Whether encoded images are turned upright as their EXIF data say. Models that were saved before there was the option do not have it: false.</summary>
    public bool ApplyExifOrientation { get; init; }

    /// <summary>The views that are scored; null for the image alone.</summary>
    public TestTimeAugmentation? TestTimeAugmentation { get; init; }

    /// <summary>The classes as people call them.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The column of what comes to the network's last layer; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EmbeddingColumn? Embedding { get; init; }

    /// <summary>Whether the file holds large weights as F16.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HalfPrecisionWeights { get; init; }

    /// <summary>How the model came about, for people to read; nothing depends on it.</summary>
    public required JsonObject Training { get; init; }

    public ImageDecoding Decoding => new(MaxMegapixels, ApplyExifOrientation);
}
