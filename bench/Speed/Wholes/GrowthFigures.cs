using Microsoft.ML;
using Microsoft.ML.SharpnessAware;
using Speed.Steps;

namespace Speed.Wholes;

/// <summary>How the time of steps and epochs, and memory, grow.</summary>
static class GrowthFigures
{
    public static IEnumerable<Figure> All(Settings settings, bool quick)
    {
        var growth = Measurement.InProcess("growth", settings);
        foreach (var what in new[] { "batch size", "layers", "classes" })
            yield return growth.Ratio($"step with 4 × the {what}, over 4 steps", "mlp", $"4 × {what}", what, 1.1);
        int[] counts = quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
        var epochs = Array.ConvertAll(counts, count => Measurement.InProcess($"rows {count}", settings with { Rounds = 1 }));
        for (var i = 1; i < counts.Length; i++)
        {
            var (before, after) = (epochs[i - 1], epochs[i]);
            yield return new($"epoch of {counts[i]:N0} rows, over {counts[i] / counts[i - 1]} of {counts[i - 1]:N0}", "resnet8, 4×4", [after.Of("epoch")[0] / before.Of("epoch")[0] * counts[i - 1] / counts[i]], 1.1, $"{after.Of("epoch")[0] / 1000:0.0} s and {before.Of("epoch")[0] / 1000:0.0} s");
            yield return new($"memory of {counts[i]:N0} rows over that of {counts[i - 1]:N0}, with CacheMegabytes = 1", "resnet8, 4×4", [after.Of("peak")[0] / before.Of("peak")[0]], 1.1, $"{after.Of("peak")[0]:0} and {before.Of("peak")[0]:0} MB");
        }
    }

    /// <summary>Steps on a network of small layers, with 4 times as much of one thing.</summary>
    public static Measurement Steps(Settings settings)
    {
        const int rows = 512, layers = 8, classes = 1000, more = 4, steps = 5;
        var contestants = new Dictionary<string, Mlp>
        {
            ["batch size"] = new(rows, layers, classes),
            ["4 × batch size"] = new(more * rows, layers, classes),
            ["layers"] = new(rows, layers, classes),
            ["4 × layers"] = new(rows, more * layers, classes),
            ["classes"] = new(rows, layers, classes),
            ["4 × classes"] = new(rows, layers, more * classes),
        };
        var times = new Measurement();
        for (var round = -1; round < settings.Rounds; round++)
            foreach (var (name, contestant) in contestants)
                times.Add(round, name, Stopwatches.Milliseconds(() => { for (var i = 0; i < steps; i++) contestant.Step(); }) / steps * (name[0] == '4' ? 1 : more));
        foreach (var contestant in contestants.Values)
            contestant.Dispose();
        return times;
    }

    /// <summary>An epoch over rows that no memory holds.</summary>
    public static Measurement Rows(int count)
    {
        const int size = 4, batch = 1000;
        var ml = new MLContext(seed: 1);
        Picture[] few = [.. Enumerable.Range(0, batch).Select(number => Picture.Of(number, size))];
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(number => few[number % batch]), Picture.Schema(size));
        var ends = new List<TimeSpan>();
        ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
        {
            Sharpness = new Plain(),
            Network = new CifarResNet(8),
            BatchSize = batch,
            Epoch = 2,
            ValidationSetFraction = null,
            Augmentation = null,
            CacheMegabytes = 1,
            MetricsCallback = metrics => ends.Add(metrics.Elapsed),
        }).Fit(data).Dispose();
        var numbers = new Measurement();
        numbers.Add(0, "epoch", (ends[1] - ends[0]).TotalMilliseconds);
        numbers.Add(0, "peak", Memory.PeakOfProcess());
        return numbers;
    }

    sealed class Mlp : IDisposable
    {
        const int Width = 256;

        readonly nn.Module<Tensor, Tensor> _network;
        readonly SamTrainStep _step;
        readonly Tensor _inputs;
        readonly Tensor _labels;
        int _taken;

        public Mlp(int rows, int layers, int classes)
        {
            _network = nn.Sequential([.. Enumerable.Range(0, layers).SelectMany(_ => new nn.Module<Tensor, Tensor>[] { nn.Linear(Width, Width), nn.ReLU() }), nn.Linear(Width, classes)]);
            (_inputs, _labels) = (randn(rows, Width), zeros(rows, dtype: ScalarType.Int64));
            _step = new SamTrainStep(_network, new Sam(), new Sgd());
        }

        public void Step() => _step.Run(new SameBatch(_inputs, _labels), new StepMoment { Seed = _taken++ });

        public void Dispose()
        {
            _step.Dispose();
            _network.Dispose();
            _inputs.Dispose();
            _labels.Dispose();
        }
    }
}
