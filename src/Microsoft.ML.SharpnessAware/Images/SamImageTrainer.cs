using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Trains a network to classify images, with Sharpness-Aware Minimization or one of its kind.</summary>
/// <remarks>
/// Reads a key column of labels, and a column of encoded images (vector of bytes), images, or pixels (vector of Single). Adds Score, the
/// probabilities of the classes, and PredictedLabel, a key. Rows without a label are left out. Needs one of the packages TorchSharp-cpu,
/// TorchSharp-cuda-linux and TorchSharp-cuda-windows; the GPU is the MLContext's <see cref="MLContext.GpuDeviceId"/>.
/// </remarks>
public sealed partial class SamImageTrainer : IEstimator<SamImageTransformer>
{
    readonly Options _options;
    readonly ImageTraining _training;

    internal SamImageTrainer(IHostEnvironment env, Options options)
    {
        Contracts.CheckValue(env, nameof(env));
        var host = env.Register(nameof(SamImageTrainer));
        _options = SamTrainerOptions.CheckedCopy(options, host);
        _training = new ImageTraining(host, _options);
    }

    /// <summary>The columns after training, where the input has these.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or the feature column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _training.OutputSchema(inputSchema);

    /// <summary>Trains on the data; validates on <see cref="SamTrainerOptions.ValidationSet"/>, or on a part of the data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be learned from, or libtorch or the GPU is missing, or the checkpoint is of another run; the message says which.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SamImageTransformer Fit(IDataView input) => Fit(input, _options.ValidationSet);

    /// <summary>Trains on the first data and validates on the second; where it is null, on a part of the first.</summary>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public SamImageTransformer Fit(IDataView trainData, IDataView? validationData) => _training.Run(trainData, validationData);

    /// <summary>
    /// Takes the first steps of a run, with all options of this trainer but its schedules, at learning rates that grow, and tells how the loss went and
    /// which learning rate is therefore worth a try. Nothing of it stays: Fit begins anew.
    /// </summary>
    /// <param name="input">The data to train on.</param>
    /// <param name="sweep">Which learning rates; the defaults of <see cref="LearningRateSweep"/> where it is null.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateSweep? sweep = null) => _training.FindLearningRate(input, (sweep ?? new LearningRateSweep()).Checked());
}
