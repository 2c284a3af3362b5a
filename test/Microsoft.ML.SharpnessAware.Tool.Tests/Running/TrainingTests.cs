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
        using StringWriter output = new(), error = new();
        using var interruption = new CancellationTokenSource();
        var console = new ToolConsole(output, error, Terminal: null);
        var display = new AfterFiveEpochs(interruption.Cancel);
        using var log = new RunLog(console, display, Verbosity.Minimal, file: null);
        var task = new ImageTask { Dataset = _folder.Pictures("pets", each: 20), Network = new CifarResNet(Depth: 8) };
        var settings = new RunSettings { Sharpness = new Sam(), Epochs = 1000, BatchSize = 8, Device = Device.Cpu, Seed = 1 };

        var run = new Training(task, settings, display, log, TimeProvider.System, interruption.Token).Run();
        using var model = run.Model as IDisposable;

        Assert.IsTrue(run.Stopped);
        Assert.HasCount(5, run.Epochs);
        Assert.IsInRange(0.0, 1.0, run.Metrics.MicroAccuracy);
        Assert.Contains("Stopped. The model is the best so far.", display.Lines);
    }

    sealed class AfterFiveEpochs(Action act) : RunDisplay
    {
        public List<string> Lines { get; } = [];

        public override T During<T>(Func<T> run) => run();

        public override void Line(string text) => Lines.Add(text);

        protected override void Show(TrainingProgress progress)
        {
            if (progress.Epoch == 6)
                act();
        }
    }
}
