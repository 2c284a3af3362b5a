using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using SkiaSharp;
using Speed.Steps;

namespace Speed.Wholes;

/// <summary>What an epoch takes beside its steps.</summary>
static class EpochFigures
{
    public static IEnumerable<Figure> All(Settings settings)
    {
        var times = Measurement.InProcess("epoch", settings);
        yield return times.Ratio("epoch with augmentation ÷ its steps on tensors in memory", "resnet20-32", "epoch", "steps", 1.05);
        yield return times.Ratio("first epoch, which decodes the images, ÷ the same", "resnet20-32", "first", "steps", aim: null);
    }

    /// <summary>Epochs of a run from PNG files in memory, and as many steps on one batch of tensors, in turn.</summary>
    public static Measurement Measure(Settings settings)
    {
        const int rows = 1280, batch = 128, size = 32, epochs = 3;
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(number => new EncodedPicture { Features = Png(number, size), Label = (uint)number % Picture.Classes }));
        using var stepper = new LibraryStepper(Workload.All.Single(workload => workload.Name == "resnet20-32"), new Plain());
        var times = new Measurement();
        for (var round = -1; round < settings.Rounds; round++)
        {
            var ends = new List<TimeSpan>();
            var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
            {
                Sharpness = new Plain(),
                Network = new CifarResNet(20),
                BatchSize = batch,
                Epoch = epochs,
                ValidationSetFraction = null,
                Threads = settings.Threads,
                MetricsCallback = metrics => ends.Add(metrics.Elapsed),
            });
            trainer.Fit(data).Dispose();
            set_num_threads(settings.Threads);
            times.Add(round, "steps", Stopwatches.Milliseconds(() => { for (var i = 0; i < rows / batch; i++) stepper.Step(); }));
            times.Add(round, "first", ends[0].TotalMilliseconds);
            times.Add(round, "epoch", (ends[^1] - ends[0]).TotalMilliseconds / (epochs - 1));
        }
        return times;
    }

    static byte[] Png(int number, int size)
    {
        using var bitmap = new SKBitmap(size, size, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var random = new Random(number);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
                bitmap.SetPixel(x, y, new SKColor((uint)random.Next() | 0xFF000000));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return png.ToArray();
    }

    sealed class EncodedPicture
    {
        public byte[] Features { get; set; } = [];

        [KeyType(Picture.Classes)]
        public uint Label { get; set; }
    }
}
