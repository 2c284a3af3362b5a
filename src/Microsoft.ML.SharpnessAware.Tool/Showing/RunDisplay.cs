using Spectre.Console;

namespace MlnetSam;

/// <summary>Shows a run while it goes on.</summary>
abstract class RunDisplay : IProgress<TrainingProgress>
{
    /// <summary>One that suits the console.</summary>
    public static RunDisplay On(ToolConsole console) => console.Terminal is { } terminal ? new LiveDisplay(terminal) : new PlainDisplay(console.Out, TimeProvider.System);

    /// <summary>Whether the first step has been taken.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>A step was taken.</summary>
    public void Report(TrainingProgress value)
    {
        HasBegun = true;
        Show(value);
    }

    /// <summary>Runs what reports its steps here.</summary>
    public abstract T During<T>(Func<T> run);

    /// <summary>A line of its own.</summary>
    public abstract void Line(string text);

    protected abstract void Show(TrainingProgress progress);
}

/// <summary>A bar for the running epoch, with its numbers, below a line for each epoch that has ended.</summary>
sealed class LiveDisplay(IAnsiConsole terminal) : RunDisplay
{
    const int WideTerminal = 110;

    ProgressContext? _bars;
    ProgressTask? _bar;
    int _epoch;

    public override T During<T>(Func<T> run) => terminal.Progress()
        .AutoClear(true)
        .HideCompleted(true)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = terminal.Profile.Width < WideTerminal ? 8 : 24 }, new PercentageColumn())
        .Start(bars =>
        {
            (_bars, _bar) = (bars, null);
            return run();
        });

    public override void Line(string text) => terminal.WriteLine(text);

    protected override void Show(TrainingProgress progress)
    {
        var text = Invariant($"Epoch {progress.Epoch}/{progress.Epochs}: loss {progress.Loss:0.0000}, {progress.PerturbedLoss:0.0000} at w+ε, accuracy {progress.Accuracy:0.0000}, {SpeedText.Of(progress.Remaining)} left").EscapeMarkup();
        if (_bar is null || _epoch != progress.Epoch)
        {
            _bar?.StopTask();
            (_epoch, _bar) = (progress.Epoch, _bars!.AddTask(text, maxValue: progress.Batches));
        }
        _bar.Value = progress.Batch;
        _bar.Description = text;
    }
}

/// <summary>Lines alone, for a file or another program: one for each epoch, and one every so often within a long one.</summary>
sealed class PlainDisplay(TextWriter output, TimeProvider time) : RunDisplay
{
    static readonly TimeSpan _pause = TimeSpan.FromSeconds(15);

    long _last = time.GetTimestamp();

    public override T During<T>(Func<T> run) => run();

    public override void Line(string text)
    {
        _last = time.GetTimestamp();
        output.WriteLine(text);
    }

    protected override void Show(TrainingProgress progress)
    {
        if (time.GetElapsedTime(_last) >= _pause && progress.Batch < progress.Batches)
            Line(Invariant($"  epoch {progress.Epoch}, {100 * progress.Batch / progress.Batches} %: loss {progress.Loss:0.0000}, {progress.PerturbedLoss:0.0000} at w+ε, accuracy {progress.Accuracy:0.0000}, {SpeedText.Of(progress.Remaining)} left"));
    }
}
