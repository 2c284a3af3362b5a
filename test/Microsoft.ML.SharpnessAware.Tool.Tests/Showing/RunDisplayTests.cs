using Microsoft.Extensions.Time.Testing;
using Spectre.Console.Testing;

namespace MlnetSam.Tests;

[TestClass]
public sealed class RunDisplayTests
{
    [TestMethod]
    public void Terminal_shows_a_bar_with_losses_accuracy_and_time_left_below_the_lines()
    {
        using var terminal = new TestConsole().Interactive();
        terminal.Profile.Width = 160;
        terminal.EmitAnsiSequences = true;
        var display = new LiveDisplay(terminal);

        var result = display.During(() =>
        {
            display.Report(Progress(epoch: 1, batch: 10));
            display.Line("Epoch 1/2: done");
            display.Report(Progress(epoch: 2, batch: 5));
            return "model";
        });

        Assert.AreEqual("model", result);
        Assert.Contains("Epoch 1/2: done", terminal.Output);
        Assert.Contains("Epoch 2/2: loss 0.5000, 0.6000 at w+ε, accuracy 0.7500, 00:01:30 left", terminal.Output);
        Assert.Contains("50%", terminal.Output);
        Assert.IsTrue(display.HasBegun);
    }

    [TestMethod]
    public void Pipe_gets_a_line_every_fifteen_seconds_and_none_at_the_end_of_an_epoch()
    {
        using var output = new StringWriter();
        var time = new FakeTimeProvider();
        var display = new PlainDisplay(output, time);

        display.Report(Progress(epoch: 1, batch: 1));
        time.Advance(TimeSpan.FromSeconds(15));
        display.Report(Progress(epoch: 1, batch: 2));
        display.Report(Progress(epoch: 1, batch: 3));
        time.Advance(TimeSpan.FromSeconds(15));
        display.Report(Progress(epoch: 1, batch: 10));

        Assert.AreEqual("  epoch 1, 20 %: loss 0.5000, 0.6000 at w+ε, accuracy 0.7500, 00:01:30 left", output.ToString().Trim('\r', '\n'));
    }

    static TrainingProgress Progress(int epoch, int batch) => new(epoch, 2, batch, 10, 0.5, 0.6, 0.75, 100, TimeSpan.FromSeconds(90), default);
}
