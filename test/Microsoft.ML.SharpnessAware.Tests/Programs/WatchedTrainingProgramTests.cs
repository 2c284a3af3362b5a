namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program that watches its training as ML.NET's samples do: log lines picked by their source, a callback for metrics, and an early end.</summary>
[TestClass]
public class WatchedTrainingProgramTests
{
    [TestMethod]
    public void Log_lines_callback_and_early_stopping_tell_of_the_same_epochs()
    {
        var ml = new MLContext(seed: 1);
        var (lines, epochs) = (new List<string>(), new List<string>());
        ml.Log += (_, line) =>
        {
            if (line.Message.StartsWith("[Source=SamImageTrainer;", StringComparison.Ordinal))
                lines.Add(line.Message);
        };
        var options = TinyTraining.Options(options =>
        {
            options.Epoch = 50;
            options.ValidationSetFraction = 0.25f;
            options.EarlyStoppingCriteria = new EarlyStopping(EarlyStoppingMetric.Loss, MinDelta: 100, Patience: 2);
            options.MetricsCallback = metrics => epochs.Add($"{metrics}");
        });

        using var model = ml.MulticlassClassification.Trainers.SamImage(options).Fit(Pictures.KeyedRows(ml, 16));

        Assert.HasCount(3, epochs, "no loss falls by 100, so that two epochs after the first are too many");
        CollectionAssert.AreEqual(
            epochs.ConvertAll(epoch => $"[Source=SamImageTrainer; Training, Kind=Info] {epoch}"),
            lines.FindAll(line => line.Contains("] Epoch ")));
    }
}
