using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How a classifier of images is trained.</summary>
internal sealed class ImageTraining(IHost host, SamImageTrainer.Options options) : ClassifierTraining<SamImageTrainer.Options, ImageExamples, TrainingImages, SamImageTransformer>(host, options)
{
    protected override bool PromisesScoreFirst => true;

    protected override string FasterChoices(TrainingImages data) => ((ITrainableNetwork)data.Network).StartsTrained
        ? "train the last layer alone (FreezeBackboneEpochs = int.MaxValue)"
        : ImageRecipes.IsSmall(data.Shape) ? "take smaller images or a smaller network (ImageShape, Network = new CifarResNet(8)), start from trained weights whose last layer alone is trained (Network = new DnnImageFeaturizerResNet18())"
        : "take smaller images and a network made for them (ImageShape = new ImageShape(3, 64, 64), Network = new CifarResNet(20)), start from trained weights whose last layer alone is trained (Network = new DnnImageFeaturizerResNet18(), or Weights of the network)";

    protected override long CacheBudget => Options.CacheMegabytes * 1_000_000L;

    protected override Recipe RecipeFor(TrainingImages data) => ImageRecipes.For(data.Network, data.Shape, data.Train.Count, Options.BatchSize, data.Device);

    protected override SamTrainerOptions WithNetwork(TrainingImages data, SamTrainerOptions options) => (SamTrainerOptions)options.With(copy => ((SamImageTrainer.Options)copy).Network = data.Network);

    protected override void CheckInput(SchemaShape inputSchema) => FeatureColumn.Check(inputSchema, Options.FeatureColumnName, Host);

    protected override GivenRows<ImageExamples> Read(IDataView trainData, IDataView? validationData, RunStart start)
    {
        var images = trainData.Schema[Options.FeatureColumnName];
        Options.Augmentation?.CheckSuits(ElementOf(images), Options.FeatureColumnName);
        if (validationData is not null)
            CheckSameElement(images, validationData.Schema[Options.FeatureColumnName]);
        var loading = new ImageLoading
        {
            ImageColumn = Options.FeatureColumnName,
            LabelColumn = Options.LabelColumnName,
            WeightColumn = Options.ExampleWeightColumnName,
            Network = Options.Network,
            LeastChannels = Options.Network?.CheckWeights(Options.ImageShape, start.Classes.Count) ?? 1,
            LargestSize = ImageRecipes.LargestSize(start.Device),
            Shape = Options.ImageShape,
            BadImages = Options.BadImages,
            Decoding = Options.Decoding,
            Threads = Options.Threads,
            CacheBudget = CacheBudget,
            TempFolder = HostSettings.Of(Host).TempFilePath,
            Team = start.Team,
            CheckAlive = CheckAlive,
        };
        return GivenRows<ImageExamples>.Read(
            () => ImageExamples.Read(trainData, loading),
            validationData is null ? null : training => ImageExamples.Read(validationData, loading with { Shape = training.Shape, WeightColumn = null }));
    }

    protected override TrainingImages Arrange(RunRows<ImageExamples> rows, RunStart start) => new(rows, Options.Augmentation, Options.Network, start.Device);

    protected override nn.Module<Tensor, Tensor> Build(TrainingImages data, int classes, Action<string> log) => data.Network.Build(data.Shape, classes, log);

    protected override SamImageTransformer Finish(TrainingImages data, TrainedNetwork trained)
    {
        var model = new ImageModel
        {
            Columns = new(Options.LabelColumnName, Options.FeatureColumnName, Options.ScoreColumnName, Options.PredictedLabelColumnName),
            Network = data.Network.WithoutFiles,
            Shape = data.Shape,
            Pixels = data.Pixels,
            Normalization = data.Normalization,
            BadImages = Options.BadImages,
            MaxMegapixels = Options.MaxMegapixels,
            ApplyExifOrientation = Options.ApplyExifOrientation,
            TestTimeAugmentation = Options.TestTimeAugmentation,
            Classes = trained.Classes.Names,
            Embedding = trained.Embedding,
            HalfPrecisionWeights = Options.HalfPrecisionWeights,
            Training = trained.Facts,
        };
        return new SamImageTransformer(Host, new ImageClassifier(model, trained.Classes, trained.Network, trained.Device));
    }

    ScalarType ElementOf(DataViewSchema.Column images) => ImageReader.For(images, Options.Decoding).Element;

    // Numbers would be normalised as bytes, or bytes as numbers.
    void CheckSameElement(DataViewSchema.Column training, DataViewSchema.Column validation)
    {
        if (ElementOf(validation) != ElementOf(training))
            throw Host.ExceptSchemaMismatch("validationData", "feature", validation.Name, ElementOf(training) == ScalarType.Float32 ? $"the pixels that the model is trained on, {training.Type}" : "images, which the model is trained on", validation.Type.ToString());
    }
}

/// <summary>The images of a run: those to train on, those to validate on, and what normalises both.</summary>
internal sealed class TrainingImages : ITrainingData
{
    readonly RunRows<ImageExamples> _rows;
    readonly bool _isChosen;

    public TrainingImages(RunRows<ImageExamples> rows, Augmentation? augmentation, ImageNetwork? network, Device device)
    {
        (_rows, _isChosen, Device) = (rows, network is null, device);
        Network = network ?? ImageRecipes.NetworkFor(Shape);
        // Numbers may be of any scale, but bytes are of that of trained weights.
        Normalization = Network.Normalization ?? (Pixels == ScalarType.Byte ? Network.GivenNormalization(rows.Train.Shape.Channels) : null) ?? rows.Train.Statistics();
        Train = MixedExamples.Of(WeightedExamples.Of(rows.Train.With(Normalization, augmentation), rows.TrainWeights), augmentation);
        Validation = rows.Validation?.With(Normalization);
    }

    public ImageNetwork Network { get; }

    /// <summary>Where the network is trained.</summary>
    public Device Device { get; }

    ITrainableNetwork ITrainingData.Network => Network;

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given.Training;

    public ILabelledRows? GivenValidation => _rows.Given.Validation;

    public Action<Stream>? SaveVocabulary => null;

    public Normalization Normalization { get; }

    /// <summary>What the pixels were given as.</summary>
    public ScalarType Pixels => _rows.Train.Element;

    public ImageShape Shape => _rows.Train.Shape;

    public void Report(IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{Train.Count} images to train on and {Validation?.Count ?? 0} to validate on, as {Shape}.");
        if (_isChosen)
            channel.Info(MessageSensitivity.None, $"Network is left open: {ImageRecipes.WhyNetwork(Network, Shape)}.");
        _rows.ReportLeftOut(channel);
    }

    public void Dispose() => _rows.Dispose();
}
