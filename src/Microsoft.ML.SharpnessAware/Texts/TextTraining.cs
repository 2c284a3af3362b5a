using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How a classifier of texts is trained.</summary>
internal sealed class TextTraining(IHost host, SamTextTrainer.Options options) : ClassifierTraining<SamTextTrainer.Options, LabelledTexts, TrainingTexts, SamTextTransformer>(host, options)
{
    protected override bool PromisesScoreFirst => false;

    protected override string FasterChoices(TrainingTexts data) => data.Network.StartsTrained
        ? "train the last layer alone (FreezeBackboneEpochs = int.MaxValue), set a smaller MaxLength"
        : "take a smaller network (Network = new BagOfEmbeddings()), set a smaller MaxLength";

    protected override long CacheBudget => long.MaxValue;

    // The user's own groups come first, and so win over the network's.
    protected override IReadOnlyList<ParameterGroup> Groups(BaseOptimizer optimizer) =>
        [.. Options.ParameterGroups, .. Options.Network.LayerRates.Select(rate => new ParameterGroup(new WeightsNamed(rate.Weights), Slowed(optimizer, rate.Factor)))];

    protected override Recipe RecipeFor(TrainingTexts data) => TextRecipes.For(Options.Network, data.Train.Count, Options.Epoch);

    TextTokenizer Tokenizer => Options.Tokenizer ?? Options.Network.OwnTokenizer ?? new LearnedVocabulary();

    protected override void CheckInput(SchemaShape inputSchema) => SentenceColumns.Check(inputSchema, Options.Sentence1ColumnName, Options.Sentence2ColumnName, Host);

    protected override GivenRows<LabelledTexts> Read(IDataView trainData, IDataView? validationData, RunStart start)
    {
        var loading = new TextLoading
        {
            Sentence1Column = Options.Sentence1ColumnName,
            Sentence2Column = Options.Sentence2ColumnName,
            LabelColumn = Options.LabelColumnName,
            WeightColumn = Options.ExampleWeightColumnName,
            EmptyTexts = Options.EmptyTexts,
            CheckAlive = CheckAlive,
        };
        return GivenRows<LabelledTexts>.Read(
            () => new LabelledTextLoader(trainData, loading).Load(),
            validationData is null ? null : _ => new LabelledTextLoader(validationData, loading with { WeightColumn = null }).Load());
    }

    protected override TrainingTexts Arrange(RunRows<LabelledTexts> rows, RunStart start) => new(rows, Options.Network, Tokenizer, Options.MaxLength, CheckAlive);

    protected override nn.Module<Tensor, Tensor> Build(TrainingTexts data, int classes, Action<string> log) => Options.Network.Build(data.Shape, classes, log);

    protected override SamTextTransformer Finish(TrainingTexts data, TrainedNetwork trained)
    {
        var model = new TextModel
        {
            Columns = new(Options.LabelColumnName, Options.Sentence1ColumnName, Options.Sentence2ColumnName, Options.ScoreColumnName, Options.PredictedLabelColumnName),
            Network = Options.Network.WithoutFiles,
            Tokenizer = Tokenizer.WithoutFiles,
            Shape = data.Shape,
            EmptyTexts = Options.EmptyTexts,
            Classes = trained.Classes.Names,
            Embedding = trained.Embedding,
            HalfPrecisionWeights = Options.HalfPrecisionWeights,
            Training = trained.Facts,
        };
        return new SamTextTransformer(Host, new TextClassifier(model, data.Encoder, trained.Classes, trained.Network, trained.Device));
    }

    static BaseOptimizer Slowed(BaseOptimizer optimizer, double factor) => optimizer with { LearningRate = optimizer.LearningRate * factor };
}

/// <summary>The texts of a run: those to train on, from which a vocabulary is learned, and those to validate on.</summary>
internal sealed class TrainingTexts : ITrainingData
{
    readonly RunRows<LabelledTexts> _rows;

    public TrainingTexts(RunRows<LabelledTexts> rows, TextNetwork network, TextTokenizer tokenizer, int maxLength, Action checkAlive)
    {
        (_rows, Network) = (rows, network);
        Encoder = tokenizer.CreateEncoder(TextsOf(rows.Train, checkAlive));
        Shape = new TextShape(Encoder.VocabularySize, maxLength, Encoder.PadId);
        Train = WeightedExamples.Of(TextExamples.Of(rows.Train, Encoder, maxLength, checkAlive), rows.TrainWeights);
        Validation = rows.Validation is null ? null : TextExamples.Of(rows.Validation, Encoder, maxLength, checkAlive);
    }

    public ITrainableNetwork Network { get; }

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given.Training;

    public ILabelledRows? GivenValidation => _rows.Given.Validation;

    public ITokenEncoder Encoder { get; }

    public Action<Stream> SaveVocabulary => Encoder.Save;

    public TextShape Shape { get; }

    public void Report(IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{Train.Count} texts to train on and {Validation?.Count ?? 0} to validate on, as {Shape}.");
        _rows.ReportLeftOut(channel);
    }

    public void Dispose() => _rows.Dispose();

    static IEnumerable<string> TextsOf(LabelledTexts rows, Action checkAlive)
    {
        foreach (var (first, second) in rows.Texts)
        {
            checkAlive();
            yield return first;
            if (second is not null)
                yield return second;
        }
    }
}
