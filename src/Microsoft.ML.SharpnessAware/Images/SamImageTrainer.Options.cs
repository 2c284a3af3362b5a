using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

public sealed partial class SamImageTrainer
{
    /// <summary>Settings of <see cref="SamImageTrainer"/>. They are copied when the trainer is made.</summary>
    public sealed class Options : SamTrainerOptions
    {
        /// <summary>
        /// The image column: encoded images (vector of bytes), images, or a vector of Single. "Features" by default.
        /// Pixels are taken as they are stored, in training and in scoring: an orientation in a JPEG's EXIF data is ignored, as ML.NET's own loaders do. Of an animation the first picture counts.
        /// </summary>
        public string FeatureColumnName = DefaultColumnNames.Features;

        /// <summary>The network to train, from fresh weights or from those of a file. <see cref="ResNet18"/> by default.</summary>
        public Network Network = new ResNet18();

        /// <summary>The shape that images are scaled to; null, the default, for that of the first image, or the network's own size where it is larger.</summary>
        public ImageShape? ImageShape;

        /// <summary>Random changes to training images; null for none. A shift by up to 4 pixels and a reflection by default.</summary>
        public Augmentation? Augmentation = new();

        /// <summary>
        /// The views of an image over which the model averages its probabilities, and the embedding where it gives one, when it scores; null, the default, for the image alone. Each view costs one more pass of the network.
        /// Validation while training is without it.
        /// </summary>
        [MayDifferOnResume]
        public TestTimeAugmentation? TestTimeAugmentation;

        /// <summary>What to do about images that cannot be decoded; <see cref="BadImagePolicy.Fail"/> by default. Holds for scoring, too, where a skipped row gets the score NaN and no label.</summary>
        public BadImagePolicy BadImages;

        /// <summary>The most pixels of an encoded image, in units of 1,000,000; 200 by default. One whose header declares more is one that cannot be decoded, and takes no memory: a million pixels need 4 MB. Holds for scoring, too.</summary>
        public int MaxMegapixels = ImageLoading.DefaultMaxMegapixels;

        /// <summary>Decoded images that are kept in memory, in units of 1,000,000 bytes; the rest lies in files in <see cref="MLContext.TempFilePath"/>. 2000 by default.</summary>
        [MayDifferOnResume]
        public int CacheMegabytes = 2000;

        private protected override void AddTo(OptionFaults faults)
        {
            faults.IfEmpty(FeatureColumnName);
            base.AddTo(faults);
            faults.IfNull(Network);
            faults.Unless(Enum.IsDefined(BadImages), BadImages, "Fail or Skip");
            faults.Unless(MaxMegapixels is >= 1 and <= 500, MaxMegapixels, "from 1 to 500");
            faults.Unless(CacheMegabytes >= 0, CacheMegabytes, "0 or more");
        }
    }
}
