using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Settings of all trainers of this package.</summary>
public abstract class SamTrainerOptions : StepOptions, ICheckedOptions
{
    private protected SamTrainerOptions() { }

    /// <summary>The label column, a key. "Label" by default.</summary>
    public string LabelColumnName = DefaultColumnNames.Label;

    /// <summary>A column of Single with the weight of each training row, 0 or more; null, the default, for a weight of 1 each. Not used in validation.</summary>
    public string? ExampleWeightColumnName;

    /// <summary>The weight of the training rows of each class, by the name of the class, 0 or more; 1 for classes that are not named, and for all if it is null, the default. Not used in validation.</summary>
    /// <remarks>The loss of a row is multiplied by its own weight and that of its class; the products are scaled to a mean of 1 over the training rows, so that only their ratios matter.</remarks>
    public IReadOnlyDictionary<string, double>? ClassWeights;

    /// <summary>Whether classes are weighted so that all classes that have training rows count the same: rows / (classes · rows of the class). False by default.</summary>
    public bool BalanceClassWeights;

    /// <summary>The column of probabilities that is added. "Score" by default.</summary>
    public string ScoreColumnName = DefaultColumnNames.Score;

    /// <summary>The key column of predicted labels that is added. "PredictedLabel" by default.</summary>
    public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

    /// <summary>A vector column of Single that is added for the embedding of a row, the input of the network's last layer; null, the default, for none.</summary>
    public string? EmbeddingColumnName;

    /// <summary>Whether a saved model stores its large weights in half precision (F16), so that its file is about half as large. They are converted to float32 when it is loaded, rounded to 11 bits, which changes scores in the third or fourth digit. False by default.</summary>
    [MayDifferOnResume]
    public bool HalfPrecisionWeights;

    /// <summary>How the gradient of a step is found. <see cref="Sam"/> by default.</summary>
    public SharpnessRule Sharpness = new Sam();

    /// <summary>The optimizer that takes the step; null, the default, for one that suits the network: <see cref="Sgd"/> for images, <see cref="AdamW"/> for texts. The log says which one was chosen, here and for the other options whose default is null.</summary>
    public BaseOptimizer? Optimizer;

    /// <summary>How the learning rate changes over the run, and over each of its stages if <see cref="FreezeBackboneEpochs"/> divides it; null, the default, for <see cref="CosineSchedule"/>, and for texts <see cref="WarmupSchedule"/> and then <see cref="LinearSchedule"/>.</summary>
    public Schedule? Schedule;

    /// <summary>How the radius ρ changes over the run, and over each of its stages. <see cref="ConstantSchedule"/> by default.</summary>
    public Schedule RhoSchedule = new ConstantSchedule();

    /// <summary>The batch size, in rows; null, the default, for one that suits the network and the number of rows.</summary>
    public int? BatchSize;

    /// <summary>The largest number of passes over the training rows; null, the default, for a number that suits the network and the number of rows.</summary>
    public int? Epoch;

    /// <summary>
    /// Epochs at the beginning in which the last layer alone is trained, on the outputs of the layers before it in evaluation mode. These are computed once,
    /// without augmentation, which makes such epochs fast. Then the whole network is trained, for the rest of <see cref="Epoch"/>. 0 for none, and
    /// <see cref="int.MaxValue"/> for all; null, the default, for what suits the network: none for texts and for fresh weights; for images and trained weights all on the CPU, and on a GPU
    /// the first 60, or none where <see cref="Epoch"/> is given.
    /// </summary>
    public int? FreezeBackboneEpochs;

    /// <summary>The optimizer of the epochs that <see cref="FreezeBackboneEpochs"/> counts; null, the default, for <see cref="Optimizer"/> if that is set, and else for one that suits the last layer.</summary>
    public BaseOptimizer? HeadOptimizer;

    /// <summary>
    /// A folder that keeps the outputs of the frozen layers, for the epochs that <see cref="FreezeBackboneEpochs"/> counts: the next run with the same weights and
    /// rows, in the same shape, reads them instead of computing them. Null, the default, for none. Files are never deleted: delete those that you no longer need.
    /// </summary>
    [MayDifferOnResume]
    public string? FeatureFolder;

    /// <summary>When to stop early; null for never. By default, when the accuracy has not risen by 0.01 for 20 epochs.</summary>
    public EarlyStopping? EarlyStoppingCriteria = new();

    /// <summary>An average of the weights for the model, instead of the weights of one moment: <see cref="Ema"/> or <see cref="Swa"/>; null, the default, for none.</summary>
    public WeightAverage? WeightAverage;

    /// <summary>Rows to validate on, with the columns and keys of the training rows; null to use <see cref="ValidationSetFraction"/> of the training rows.</summary>
    [MayDifferOnResume]
    public IDataView? ValidationSet;

    /// <summary>The fraction of the training rows to validate on if there is no validation set; null or 0 for none. 0.1 by default.</summary>
    public float? ValidationSetFraction = 0.1f;

    /// <summary>Label smoothing: the share of the target that is distributed evenly over all classes; 0 by default.</summary>
    public double LabelSmoothing;

    /// <summary>Called after each epoch; can end the run with <see cref="EpochMetrics.Stop"/>.</summary>
    [MayDifferOnResume]
    public Action<EpochMetrics>? MetricsCallback;

    /// <summary>Where the numbers of each epoch are written, such as a <see cref="CsvLog"/> or a <see cref="TensorBoardLog"/>; none by default.</summary>
    [MayDifferOnResume]
    public IReadOnlyList<LogSink> LogSinks = [];

    /// <summary>Called after each step.</summary>
    [MayDifferOnResume]
    public IProgress<TrainingProgress>? Progress;

    /// <summary>Cancels the run before its next step. <see cref="OnCancel"/> says what happens then.</summary>
    [MayDifferOnResume]
    public CancellationToken CancellationToken;

    /// <summary>What happens when a run is cancelled while it trains; <see cref="CancelBehavior.Throw"/> by default.</summary>
    [MayDifferOnResume]
    public CancelBehavior OnCancel;

    /// <summary>
    /// A folder for this run alone, where its state is saved regularly, and when it is cancelled; null, the default, for none.
    /// Fit with the same data, network and options resumes from there, and returns the same model at once if the run was finished.
    /// </summary>
    [MayDifferOnResume]
    public string? CheckpointFolder;

    /// <summary>Epochs between two checkpoints; 1 by default.</summary>
    [MayDifferOnResume]
    public int CheckpointEveryEpochs = 1;

    /// <summary>The longest time between two checkpoints, so that there are checkpoints within an epoch; null, the default, for none within an epoch.</summary>
    [MayDifferOnResume]
    public TimeSpan? CheckpointEvery;

    /// <summary>The seed of all random numbers of a run; null, the default, for that of the MLContext, or if it has none that of the checkpoint, or a new one.</summary>
    [MayDifferOnResume]
    public int? Seed;

    /// <summary>The number of threads of libtorch during training, for the whole process; 0, the default, for the number that the application has set, or libtorch's default, which is one per core.</summary>
    [MayDifferOnResume]
    public int Threads;

    /// <summary>
    /// The processes that train together, such as <see cref="MpiWorkers"/>, of which this is one; null, the default, for this process alone. <see cref="BatchSize"/> is that of all workers together.
    /// Each reads and keeps its own share of the images (of texts all), and computes its own part of each batch. The first one logs, calls back and writes files; Fit returns the same model on all of them.
    /// </summary>
    [MayDifferOnResume]
    public Workers? Workers;

    /// <summary>What the passes of the network compute in; <see cref="Precision.Float32"/> by default. The weights that are trained and saved are float32 in any case, and so is scoring.</summary>
    public Precision Precision;

    object ICheckedOptions.Copy()
    {
        var copy = (SamTrainerOptions)With(options => options.ParameterGroups = [.. ParameterGroups]);
        copy.LogSinks = [.. LogSinks];
        copy.ClassWeights = ClassWeights?.ToDictionary();
        return copy;
    }

    void ICheckedOptions.AddTo(OptionFaults faults) => AddTo(faults);

    internal CheckpointSettings? Checkpoints() => CheckpointFolder is null ? null : new(CheckpointFolder, CheckpointEveryEpochs, CheckpointEvery);

    private protected override void AddTo(OptionFaults faults)
    {
        faults.IfEmpty(LabelColumnName);
        if (ExampleWeightColumnName is not null)
            faults.IfEmpty(ExampleWeightColumnName);
        foreach (var (name, weight) in ClassWeights ?? new Dictionary<string, double>())
            faults.Unless(weight is >= 0 and < double.PositiveInfinity, weight, "finite and 0 or more", $"{nameof(ClassWeights)}[\"{name}\"]");
        faults.Unless(ClassWeights is null || !BalanceClassWeights, BalanceClassWeights, $"false where {nameof(ClassWeights)} are given");
        faults.IfEmpty(ScoreColumnName);
        faults.IfEmpty(PredictedLabelColumnName);
        faults.Unless(ScoreColumnName != PredictedLabelColumnName, PredictedLabelColumnName, $"another than {nameof(ScoreColumnName)}");
        faults.Unless(LabelColumnName != ScoreColumnName && LabelColumnName != PredictedLabelColumnName, LabelColumnName, $"another than {nameof(ScoreColumnName)} and {nameof(PredictedLabelColumnName)}, which would hide it");
        if (EmbeddingColumnName is not null)
        {
            faults.IfEmpty(EmbeddingColumnName);
            faults.Unless(EmbeddingColumnName != ScoreColumnName && EmbeddingColumnName != PredictedLabelColumnName && EmbeddingColumnName != LabelColumnName, EmbeddingColumnName, $"another than {nameof(ScoreColumnName)}, {nameof(PredictedLabelColumnName)} and {nameof(LabelColumnName)}");
        }
        faults.IfNull(Sharpness);
        faults.IfNull(RhoSchedule);
        base.AddTo(faults);
        faults.IfNull(LogSinks);
        faults.Unless(BatchSize is null or >= 1, BatchSize, "1 or more");
        faults.Unless(Epoch is null or >= 1, Epoch, "1 or more");
        faults.Unless(FreezeBackboneEpochs is null or >= 0, FreezeBackboneEpochs, "0 or more");
        faults.Unless(ValidationSetFraction is null or (>= 0 and < 1), ValidationSetFraction, "0 or more and less than 1");
        faults.Unless(LabelSmoothing is >= 0 and < 1, LabelSmoothing, "0 or more and less than 1");
        faults.Unless(Threads >= 0, Threads, "0 or more");
        faults.Unless(Enum.IsDefined(Precision), Precision, "Float32 or BFloat16");
        faults.Unless(Enum.IsDefined(OnCancel), OnCancel, "Throw or KeepBest");
        if (FeatureFolder is not null)
            faults.IfEmpty(FeatureFolder);
        if (CheckpointFolder is not null)
            faults.IfEmpty(CheckpointFolder);
        faults.Unless(CheckpointEveryEpochs >= 1, CheckpointEveryEpochs, "1 or more");
        faults.Unless(CheckpointEvery is null || CheckpointEvery > TimeSpan.Zero, CheckpointEvery, "more than 0");
    }
}
