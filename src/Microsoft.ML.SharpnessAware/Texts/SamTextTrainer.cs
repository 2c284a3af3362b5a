using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Trains a network to classify texts or pairs of texts, with Sharpness-Aware Minimization or a related method.</summary>
/// <remarks>
/// Reads a key column of labels, and one or two columns of texts. Adds PredictedLabel, a key, and Score, the probabilities of the classes. Rows
/// without a label are left out; a missing text is an empty one. Needs one of the packages TorchSharp-cpu, TorchSharp-cuda-linux and
/// TorchSharp-cuda-windows; <see cref="MLContext.GpuDeviceId"/> of the MLContext selects the GPU.
/// </remarks>
public sealed partial class SamTextTrainer : IEstimator<SamTextTransformer>
{
    readonly Options _options;
    readonly TextTraining _training;

    internal SamTextTrainer(IHostEnvironment env, Options options)
    {
        Contracts.CheckValue(env, nameof(env));
        var host = env.Register(nameof(SamTextTrainer));
        _options = OptionFaults.CheckedCopy(options, host);
        _training = new TextTraining(host, _options);
    }

    /// <summary>The columns after training, for an input with the given columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or a text column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _training.OutputSchema(inputSchema);

    /// <summary>Trains on the data; validates on <see cref="SamTrainerOptions.ValidationSet"/>, or on a part of the data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be used for training, or the network does not suit them, or libtorch or the GPU is missing, or the checkpoint is of another run; the message says which.</exception>
    /// <exception cref="IOException">A file of the tokenizer is missing or cannot be read.</exception>
    /// <exception cref="FormatException">A file of the tokenizer is malformed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SamTextTransformer Fit(IDataView input) => Fit(input, _options.ValidationSet);

    /// <summary>Trains on the first data and validates on the second; if it is null, on a part of the first.</summary>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public SamTextTransformer Fit(IDataView trainData, IDataView? validationData) => _training.Run(trainData, validationData);

    /// <summary>
    /// Takes the first steps of a run, with all options of this trainer except its schedules, at increasing learning rates, and returns the losses and
    /// the learning rate that they suggest. It has no effect on later calls: Fit starts from the beginning.
    /// </summary>
    /// <param name="input">The data to train on.</param>
    /// <param name="sweep">Which learning rates; null for the defaults of <see cref="LearningRateSweep"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateSweep? sweep = null) => _training.FindLearningRate(input, (sweep ?? new LearningRateSweep()).Checked());
}

public sealed partial class SamTextTrainer
{
    /// <summary>Settings of <see cref="SamTextTrainer"/>. They are copied when the trainer is created.</summary>
    public sealed class Options : SamTrainerOptions
    {
        internal const string DefaultSentence1ColumnName = "Sentence1";
        /// <summary>The column of texts. "Sentence1" by default.</summary>
        public string Sentence1ColumnName = DefaultSentence1ColumnName;

        /// <summary>The column of second texts, if rows are pairs of texts; null, the default, for none.</summary>
        public string? Sentence2ColumnName;

        /// <summary>How texts are tokenized; null, the default, for the vocabulary of the trained weights of the network, or, if there is none, a <see cref="LearnedVocabulary"/>.</summary>
        public TextTokenizer? Tokenizer;

        /// <summary>The network to train. <see cref="TextTransformer"/> by default, from fresh weights; a <see cref="BertEncoder"/> may start from trained weights.</summary>
        public TextNetwork Network = new TextTransformer();

        /// <summary>The largest number of tokens of a row, including special ones; longer texts are truncated. 256 by default.</summary>
        public int MaxLength = 256;

        /// <summary>What to do with rows without any text; <see cref="EmptyTextPolicy.Keep"/> by default. Also applies to scoring.</summary>
        public EmptyTextPolicy EmptyTexts;

        private protected override void AddTo(OptionFaults faults)
        {
            faults.IfEmpty(Sentence1ColumnName);
            if (Sentence2ColumnName is not null)
                faults.IfEmpty(Sentence2ColumnName);
            base.AddTo(faults);
            faults.IfNull(Network);
            faults.Unless(MaxLength >= 6, MaxLength, "6 or more");
            faults.Unless(Enum.IsDefined(EmptyTexts), EmptyTexts, "Keep, Skip or Fail");
        }
    }
}
