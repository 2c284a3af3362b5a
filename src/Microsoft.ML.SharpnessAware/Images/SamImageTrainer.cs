using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Trains a network to classify images, with Sharpness-Aware Minimization or a related method.</summary>
/// <remarks>
/// Reads a key column of labels, and a column of encoded images (vector of bytes), images, or pixels (vector of Single). Adds Score, the
/// probabilities of the classes, and PredictedLabel, a key. Rows without a label are left out. Needs one of the packages TorchSharp-cpu,
/// TorchSharp-cuda-linux and TorchSharp-cuda-windows; <see cref="MLContext.GpuDeviceId"/> of the MLContext selects the GPU.
/// </remarks>
public sealed partial class SamImageTrainer : IEstimator<SamImageTransformer>
{
    readonly Options _options;
    readonly ImageTraining _training;

    internal SamImageTrainer(IHostEnvironment env, Options options)
    {
        Contracts.CheckValue(env, nameof(env));
        var host = env.Register(nameof(SamImageTrainer));
        _options = OptionFaults.CheckedCopy(options, host);
        _training = new ImageTraining(host, _options);
    }

    /// <summary>The columns after training, for an input with the given columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The label or the feature column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _training.OutputSchema(inputSchema);

    /// <summary>Trains on the data; validates on <see cref="SamTrainerOptions.ValidationSet"/>, or on a part of the data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">The data cannot be used for training, or libtorch or the GPU is missing, or the checkpoint is of another run; the message says which.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public SamImageTransformer Fit(IDataView input) => Fit(input, _options.ValidationSet);

    /// <summary>Trains on the first data and validates on the second; if it is null, on a part of the first.</summary>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public SamImageTransformer Fit(IDataView trainData, IDataView? validationData) => _training.Run(trainData, validationData);

    /// <summary>
    /// Takes the first steps of a run, with all options of this trainer except its schedules, at increasing learning rates, and returns the losses and
    /// the learning rate that they suggest. It has no effect on later calls: Fit starts from the beginning.
    /// </summary>
    /// <param name="input">The data to train on.</param>
    /// <param name="sweep">Which learning rates; null for the defaults of <see cref="LearningRateSweep"/>.</param>
    /// <inheritdoc cref="Fit(IDataView)" path="/exception"/>
    public LearningRateCurve FindLearningRate(IDataView input, LearningRateSweep? sweep = null) => _training.FindLearningRate(input, (sweep ?? new LearningRateSweep()).Checked());
}

public sealed partial class SamImageTrainer
{
    /// <summary>Settings of <see cref="SamImageTrainer"/>. They are copied when the trainer is created.</summary>
    public sealed class Options : SamTrainerOptions
    {
        /// <summary>
        /// The image column: encoded images (vector of bytes), images, or a vector of Single. "Features" by default.
        /// Of an animation, the first picture is used.
        /// </summary>
        public string FeatureColumnName = DefaultColumnNames.Features;

        /// <summary>
        /// The network to train, from fresh weights or from those of a file. Null, the default, for fresh weights that suit the images: a <see cref="CifarResNet"/> of 20 layers for
        /// images of up to 64×64 pixels, and a <see cref="ResNet18"/> for larger ones. On the CPU larger images are scaled to 64×64, unless <see cref="ImageShape"/> says otherwise.
        /// </summary>
        public ImageNetwork? Network;

        /// <summary>The shape that images are scaled to; null, the default, for that of the first image, or the size of the network if the image is larger.</summary>
        public ImageShape? ImageShape;

        /// <summary>Random changes to training images; null for none. A shift by up to 4 pixels and a reflection by default.</summary>
        public Augmentation? Augmentation = new();

        /// <summary>
        /// The views of an image over which the model averages its probabilities, and the embedding if it has one, in scoring; null, the default, for the image alone. Each view costs one more pass of the network.
        /// Not used in validation during training.
        /// </summary>
        [MayDifferOnResume]
        public TestTimeAugmentation? TestTimeAugmentation;

        /// <summary>What to do with images that cannot be decoded; <see cref="BadImagePolicy.Fail"/> by default. Also applies to scoring, where a skipped row gets the score NaN and no label.</summary>
        public BadImagePolicy BadImages;

        /// <summary>The largest number of pixels of an encoded image, in units of 1,000,000; 200 by default. If the header of an image declares more, it counts as one that cannot be decoded, and takes no memory: a million pixels need 4 MB. Also applies to scoring.</summary>
        public int MaxMegapixels = ImageDecoding.DefaultMaxMegapixels;

        /// <summary>Whether encoded images (JPEG and WebP) are turned upright according to their EXIF data; true by default. An MLImage has no EXIF data, and is not turned. Also applies to scoring.</summary>
        public bool ApplyExifOrientation = true;

        /// <summary>The memory for decoded images, of each worker where there are several, in units of 1,000,000 bytes; the rest is kept in files in <see cref="MLContext.TempFilePath"/>. 2000 by default.</summary>
        [MayDifferOnResume]
        public int CacheMegabytes = 2000;

        internal ImageDecoding Decoding => new(MaxMegapixels, ApplyExifOrientation);

        private protected override void AddTo(OptionFaults faults)
        {
            faults.IfEmpty(FeatureColumnName);
            base.AddTo(faults);
            faults.Unless(Enum.IsDefined(BadImages), BadImages, "Fail or Skip");
            faults.Unless(MaxMegapixels is >= 1 and <= 500, MaxMegapixels, "from 1 to 500");
            faults.Unless(CacheMegabytes >= 0, CacheMegabytes, "0 or more");
        }
    }
}
