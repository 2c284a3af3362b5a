using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How a classifier of texts is trained.</summary>
internal sealed class TextTraining(IHost host, SamTextTrainer.Options options) : ClassifierTraining<TrainingTexts, SamTextTransformer>(host, options)
{
    readonly IHost _host = host;
    readonly SamTextTrainer.Options _options = options;

    protected override object Network => _options.Network;

    protected override bool PromisesScoreFirst => false;

    protected override string LastLayer => _options.Network.NameOfLastLayer;

    protected override bool StartsTrained => _options.Network.WithoutFiles != _options.Network;

    protected override long CacheBudget => long.MaxValue;

    // The user's own groups come first, and so win over the network's.
    protected override IReadOnlyList<ParameterGroup> Groups =>
        [.. _options.ParameterGroups, .. _options.Network.LayerRates.Select(rate => new ParameterGroup(new WeightsNamed(rate.Weights), Slowed(_options.Optimizer, rate.Factor)))];

    protected override void CheckInput(SchemaShape inputSchema) => SentenceColumns.Check(inputSchema, _options.Sentence1ColumnName, _options.Sentence2ColumnName, _host);

    protected override TrainingTexts Load(IDataView trainData, IDataView? validationData, LabelClasses classes, Seeds seeds)
    {
        var loading = new TextLoading
        {
            Sentence1Column = _options.Sentence1ColumnName,
            Sentence2Column = _options.Sentence2ColumnName,
            LabelColumn = _options.LabelColumnName,
            WeightColumn = _options.ExampleWeightColumnName,
            EmptyTexts = _options.EmptyTexts,
            CheckAlive = CheckAlive,
        };
        var rows = RunRows<LabelledTexts>.Load(
            () => new LabelledTextLoader(trainData, loading).Load(),
            validationData is null ? null : _ => new LabelledTextLoader(validationData, loading with { WeightColumn = null }).Load(),
            classes,
            _options,
            seeds);
        return new TrainingTexts(rows, _options.Tokenizer, _options.MaxLength, CheckAlive);
    }

    protected override nn.Module<Tensor, Tensor> Build(TrainingTexts data, int classes, Action<string> log) => _options.Network.Build(data.Shape, classes);

    protected override SamTextTransformer Finish(TrainingTexts data, TrainedNetwork trained)
    {
        var model = new TextModel
        {
            Columns = new(_options.LabelColumnName, _options.Sentence1ColumnName, _options.Sentence2ColumnName, _options.ScoreColumnName, _options.PredictedLabelColumnName),
            Network = _options.Network.WithoutFiles,
            Tokenizer = _options.Tokenizer.WithoutFiles,
            Shape = data.Shape,
            EmptyTexts = _options.EmptyTexts,
            Classes = trained.Classes.Names,
            Embedding = trained.Embedding,
            HalfPrecisionWeights = _options.HalfPrecisionWeights,
            Training = trained.Facts,
        };
        return new SamTextTransformer(_host, new TextClassifier(model, data.Encoder, trained.Classes, trained.Network, trained.Device));
    }

    static BaseOptimizer Slowed(BaseOptimizer optimizer, double factor) => optimizer with { LearningRate = optimizer.LearningRate * factor };
}

/// <summary>The texts of a run: those to train on, from which a vocabulary is learned, and those to validate on.</summary>
internal sealed class TrainingTexts : ITrainingData
{
    readonly RunRows<LabelledTexts> _rows;

    public TrainingTexts(RunRows<LabelledTexts> rows, TextTokenizer tokenizer, int maxLength, Action checkAlive)
    {
        _rows = rows;
        Encoder = tokenizer.CreateEncoder(TextsOf(rows.Train, checkAlive));
        Shape = new TextShape(Encoder.VocabularySize, maxLength, Encoder.PadId);
        Train = WeightedExamples.Of(TextExamples.Of(rows.Train, Encoder, maxLength, checkAlive), rows.TrainWeights);
        Validation = rows.Validation is null ? null : TextExamples.Of(rows.Validation, Encoder, maxLength, checkAlive);
    }

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given;

    public ILabelledRows? GivenValidation => _rows.GivenValidation;

    public ITokenEncoder Encoder { get; }

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
