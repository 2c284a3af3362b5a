using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How a classifier of images is trained.</summary>
internal sealed class ImageTraining(IHost host, SamImageTrainer.Options options) : ClassifierTraining<TrainingImages, SamImageTransformer>(host, options)
{
    readonly IHost _host = host;
    readonly SamImageTrainer.Options _options = options;

    protected override object Network => _options.Network;

    protected override bool PromisesScoreFirst => true;

    protected override string LastLayer => _options.Network.NameOfLastLayer;

    protected override bool StartsTrained => _options.Network.Weights is not null;

    protected override long CacheBudget => _options.CacheMegabytes * 1_000_000L;

    protected override IReadOnlyList<ParameterGroup> Groups => _options.ParameterGroups;

    protected override void CheckInput(SchemaShape inputSchema) => FeatureColumn.Check(inputSchema, _options.FeatureColumnName, _host);

    protected override void CheckNetwork(int classes)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        _options.Network.CheckWeights(_options.ImageShape, classes);
    }

    protected override TrainingImages Load(IDataView trainData, IDataView? validationData, LabelClasses classes, Seeds seeds)
    {
        var pixels = ImageReader.For(trainData.Schema[_options.FeatureColumnName], _options.Decoding).Element;
        _options.Augmentation?.CheckSuits(pixels, _options.FeatureColumnName);
        var loading = new ImageLoading
        {
            ImageColumn = _options.FeatureColumnName,
            LabelColumn = _options.LabelColumnName,
            WeightColumn = _options.ExampleWeightColumnName,
            Network = _options.Network,
            Shape = _options.ImageShape,
            BadImages = _options.BadImages,
            Decoding = _options.Decoding,
            Threads = _options.Threads,
            CacheBudget = CacheBudget,
            TempFolder = HostSettings.Of(_host).TempFilePath,
            CheckAlive = CheckAlive,
        };
        var rows = RunRows<ImageExamples>.Load(
            () => ImageExamples.Load(trainData, loading),
            validationData is null ? null : all => ImageExamples.Load(validationData, loading with { Shape = all.Shape, WeightColumn = null }),
            classes,
            _options,
            seeds);
        return new TrainingImages(rows, _options.Augmentation, pixels, _options.Network);
    }

    protected override nn.Module<Tensor, Tensor> Build(TrainingImages data, int classes, Action<string> log) => _options.Network.Build(data.Shape, classes, log);

    protected override SamImageTransformer Finish(TrainingImages data, TrainedNetwork trained)
    {
        var model = new ImageModel
        {
            Columns = new(_options.LabelColumnName, _options.FeatureColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName),
            Network = _options.Network.WithoutFiles,
            Shape = data.Shape,
            Pixels = data.Pixels,
            Normalization = data.Normalization,
            BadImages = _options.BadImages,
            MaxMegapixels = _options.MaxMegapixels,
            ApplyExifOrientation = _options.ApplyExifOrientation,
            TestTimeAugmentation = _options.TestTimeAugmentation,
            Classes = trained.Classes.Names,
            Embedding = trained.Embedding,
            HalfPrecisionWeights = _options.HalfPrecisionWeights,
            Training = trained.Facts,
        };
        return new SamImageTransformer(_host, new ImageClassifier(model, trained.Classes, trained.Network, trained.Device));
    }
}

/// <summary>The images of a run: those to train on, those to validate on, and what normalises both.</summary>
internal sealed class TrainingImages : ITrainingData
{
    readonly RunRows<ImageExamples> _rows;

    public TrainingImages(RunRows<ImageExamples> rows, Augmentation? augmentation, ScalarType pixels, ImageNetwork network)
    {
        _rows = rows;
        // Numbers may be of any scale, but bytes are of that of trained weights.
        Normalization = network.Normalization ?? (pixels == ScalarType.Byte ? network.GivenNormalization(rows.Train.Shape.Channels) : null) ?? rows.Train.Statistics();
        Train = MixedExamples.Of(WeightedExamples.Of(rows.Train.With(Normalization, augmentation), rows.TrainWeights), augmentation);
        Validation = rows.Validation?.With(Normalization);
        Pixels = pixels;
    }

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given;

    public ILabelledRows? GivenValidation => _rows.GivenValidation;

    public Normalization Normalization { get; }

    /// <summary>What the pixels were given as.</summary>
    public ScalarType Pixels { get; }

    public ImageShape Shape => _rows.Train.Shape;

    public void Report(IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{Train.Count} images to train on and {Validation?.Count ?? 0} to validate on, as {Shape}.");
        _rows.ReportLeftOut(channel);
    }

    public void Dispose() => _rows.Dispose();
}
