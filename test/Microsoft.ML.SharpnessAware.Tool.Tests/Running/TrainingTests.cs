using Microsoft.Extensions.Time.Testing;

namespace MlnetSam.Tests;

[TestClass]
public sealed class TrainingTests
{
    readonly TempFolder _folder = new();

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public void Ctrl_C_in_the_middle_keeps_the_best_epoch()
    {
        using var interruption = new CancellationTokenSource();
        var display = new AfterFiveEpochs(interruption.Cancel);

        var run = Run(display, TimeProvider.System, interruption.Token);

        Assert.IsTrue(run.Stopped);
        Assert.HasCount(5, run.Epochs);
        Assert.IsInRange(0.0, 1.0, run.Metrics.MicroAccuracy);
        Assert.Contains("Stopped. The model is the best so far.", display.Lines);
    }

    [TestMethod]
    public void Time_limit_keeps_the_best_epoch_and_says_how_many_fit()
    {
        var time = new FakeTimeProvider();
        var display = new AfterFiveEpochs(() => time.Advance(TimeSpan.FromMinutes(3)));

        var run = Run(display, time, CancellationToken.None);

        Assert.IsTrue(run.Stopped);
        Assert.HasCount(5, run.Epochs);
        Assert.Contains("The time is up after 5 of 1000 epochs. The model is the best so far. With --epochs 5 the learning rate comes down in this time, which often pays.", display.Lines);
    }

    [TestMethod]
    public void Time_limit_before_the_first_step_is_an_error()
    {
        var time = new FakeTimeProvider();
        var display = new AtReading(() => time.Advance(TimeSpan.FromMinutes(3)));

        Assert.AreEqual(
            "The time was up before training began, because reading the rows takes some of it. Allow more with --minutes or --train-time, or give fewer rows.",
            Assert.ThrowsExactly<InvalidOperationException>(() => Run(display, time, CancellationToken.None)).Message);
    }

    ModelRun Run(RunDisplay display, TimeProvider time, CancellationToken cancellation)
    {
        using StringWriter output = new(), error = new();
        using var log = new RunLog(new ToolConsole(output, error, Terminal: null), display, Verbosity.Minimal, file: null);
        var task = new ImageTask { Dataset = _folder.Pictures("pets", each: 20), Network = new CifarResNet(Depth: 8) };
        var settings = new RunSettings { Sharpness = new Sam(), Epochs = 1000, BatchSize = 8, Time = TimeSpan.FromMinutes(2), Device = Device.Cpu, Seed = 1 };

        var run = new Training(task, settings, display, log, time, cancellation).Run();
        (run.Model as IDisposable)?.Dispose();
        return run;
    }

    /// <summary>Does something before the rows are read.</summary>
    sealed class AtReading(Action act) : RunDisplay
    {
        public override T During<T>(Func<T> run) => run();

        public override void Line(string text)
        {
            if (text.StartsWith("Reading ", StringComparison.Ordinal))
                act();
        }

        protected override void Show(TrainingProgress progress) { }
    }

    /// <summary>Does something at the first step of the sixth epoch.</summary>
    sealed class AfterFiveEpochs(Action act) : RunDisplay
    {
        bool _done;

        public List<string> Lines { get; } = [];

        public override T During<T>(Func<T> run) => run();

        public override void Line(string text) => Lines.Add(text);

        protected override void Show(TrainingProgress progress)
        {
            if (progress.Epoch != 6 || _done)
                return;
            _done = true;
            act();
        }
    }
}
