using Microsoft.ML.SharpnessAware;
using Speed.Steps;

namespace Speed.Wholes;

/// <summary>What memory steps take.</summary>
static class MemoryFigures
{
    public static IEnumerable<Figure> All(Settings settings)
    {
        foreach (var workload in new[] { "resnet20-8", "minilm" })
            yield return new("managed KiB allocated in a SAM step", workload, Measurement.InProcess($"managed {workload}", settings).Of("KiB"), 64);
        var weights = Measurement.InProcess("peak plain", settings).Of("weights")[0];
        var (plain, sam) = (Peak("plain"), Peak("sam"));
        yield return new("memory of a SAM step over that of an SGD step, in copies of the weights", $"a layer of {weights:0} MB", [(sam - plain) / weights], 2, $"({sam:0} − {plain:0}) ÷ {weights:0} MB");

        double Peak(string method) => Figure.Quantile(Enumerable.Range(0, settings.Rounds).Select(_ => Measurement.InProcess($"peak {method}", settings with { Rounds = 1 }).Of("peak")[0]), 0.5);
    }

    /// <summary>Managed memory that a step takes.</summary>
    public static Measurement Managed(string workload, Settings settings)
    {
        const int warmUp = 5, steps = 20;
        using var stepper = new LibraryStepper(Workload.All.Single(one => one.Name == workload), new Sam());
        var numbers = new Measurement();
        for (var i = 0; i < warmUp; i++)
            stepper.Step();
        for (var round = 0; round < settings.Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < steps; i++)
                stepper.Step();
            numbers.Add(round, "KiB", (GC.GetTotalAllocatedBytes(precise: true) - before) / 1024.0 / steps);
        }
        return numbers;
    }

    /// <summary>The most memory that steps take whose weights outweigh all else.</summary>
    public static Measurement Peak(string method)
    {
        const int width = 8192, steps = 3;
        using var network = nn.Linear(width, width);
        using var inputs = randn(1, width);
        using var labels = zeros(1, dtype: ScalarType.Int64);
        using var step = new SamTrainStep(network, Rules.Of(method), new Sgd());
        for (var i = 0; i < steps; i++)
            step.Run(new SameBatch(inputs, labels), new StepMoment { Seed = i });
        var numbers = new Measurement();
        numbers.Add(0, "weights", sizeof(float) * (double)width * width / Memory.Mebibyte);
        numbers.Add(0, "peak", Memory.PeakOfProcess());
        return numbers;
    }
}
