using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetEnvironmentTests
{
    [TestMethod]
    public void Defaults_of_a_context()
    {
        var ml = new MLContext();

        Assert.IsFalse(ml.FallbackToCpu);
        Assert.IsNull(ml.GpuDeviceId);
        Assert.AreEqual(Path.GetTempPath(), ml.TempFilePath);
    }

    [TestMethod]
    public void Log_shows_source_kind_and_message()
    {
        var ml = new MLContext();
        var lines = new List<LoggingEventArgs>();
        ml.Log += (_, e) => lines.Add(e);

        using (var channel = ((IHostEnvironment)ml).Register("Trainer").Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "Epoch {0} of {1}", 1, 2);
            channel.Warning(MessageSensitivity.None, "Slow");
        }

        CollectionAssert.AreEqual(
            new[]
            {
                "[Source=Trainer; Training, Kind=Trace] Channel started",
                "[Source=Trainer; Training, Kind=Info] Epoch 1 of 2",
                "[Source=Trainer; Training, Kind=Warning] Slow",
            },
            lines.Take(3).Select(l => l.Message).ToArray());
        StringAssert.StartsWith(lines[3].RawMessage, "Channel finished. Elapsed 00:00:0");
        Assert.AreEqual("[Source=Trainer; Training, Kind=Trace] Channel disposed", lines[4].Message);
        Assert.AreEqual(5, lines.Count);
        Assert.AreEqual("Trainer; Training", lines[1].Source);
        Assert.AreEqual(ChannelMessageKind.Info, lines[1].Kind);
        Assert.AreEqual("Epoch 1 of 2", lines[1].RawMessage);
    }

    [TestMethod]
    public void Log_names_the_parents_of_a_host_but_its_nearest_one()
    {
        var ml = new MLContext();
        var sources = new List<string>();
        ml.Log += (_, e) => sources.Add(e.Source);
        var trainer = ((IHostEnvironment)ml).Register("Trainer");
        var mapper = trainer.Register("Mapper");
        var reader = mapper.Register("Reader");

        ((IHostEnvironment)ml).Start("Root").Dispose();
        mapper.Start("Work").Dispose();
        reader.Start("Work").Dispose();

        Assert.AreEqual("Root|Mapper; Work|Trainer; Reader; Work", string.Join('|', sources.Distinct()));
    }

    [TestMethod]
    public void Checkpoint_of_progress_never_reaches_the_log()
    {
        var ml = new MLContext();
        var count = 0;
        ml.Log += (_, _) => count++;

        using (var progress = ((IHostEnvironment)ml).Register("Trainer").StartProgressChannel("Epochs"))
        {
            progress.SetHeader(new ProgressHeader(["Loss"], ["epochs"]), entry => entry.SetProgress(0, 1, 2));
            progress.Checkpoint(0.5, 1);
        }

        Assert.AreEqual(0, count);
    }

    [TestMethod]
    public void Checkpoint_of_too_many_values_is_refused()
    {
        using var progress = ((IHostEnvironment)new MLContext()).StartProgressChannel("Epochs");
        progress.SetHeader(new ProgressHeader(["Loss"], ["epochs"]), null);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => progress.Checkpoint(1, 2, 3, 4));

        Assert.AreEqual("Too many values provided in Checkpoint", error.Message);
    }

    [TestMethod]
    public void Rand_of_a_host_follows_the_seed_and_the_number_of_hosts_before()
    {
        IHostEnvironment ml = new MLContext(seed: 1), again = new MLContext(seed: 1), other = new MLContext(seed: 2);

        var first = ml.Register("A").Rand.Next();
        var second = ml.Register("A").Rand.Next();

        Assert.AreEqual(first, again.Register("B").Rand.Next());
        Assert.AreNotEqual(first, second);
        Assert.AreNotEqual(first, other.Register("A").Rand.Next());
    }

    [TestMethod]
    public void Rand_gives_the_numbers_of_MlNet()
    {
        IHostEnvironment ml = new MLContext(seed: 42);
        var rand = ml.Register("A", seed: 7).Rand;
        var derived = ml.Register("B").Rand;

        Assert.AreEqual("733061423 625 3 0.19385020527988672", FormattableString.Invariant($"{rand.Next()} {rand.Next(1000)} {rand.Next(-5, 5)} {rand.NextDouble():R}"));
        Assert.AreEqual("460262708 0.08439105586148798", FormattableString.Invariant($"{derived.Next()} {derived.NextDouble():R}"));
    }

    [TestMethod]
    public void Process_marks_errors_as_MlNets_own()
    {
        IHostEnvironment ml = new MLContext();
        var host = ml.Register("Trainer");

        var fromHost = host.Process(new InvalidOperationException());
        var fromChannel = host.Start("Training").Process(new InvalidOperationException());

        Assert.AreEqual(1, fromHost.Data["ML_IsMarked"]);
        Assert.AreEqual("Environment", fromHost.Data["Throwing component"]);
        Assert.AreEqual(1, fromChannel.Data["ML_IsMarked"]);
        Assert.AreEqual("Trainer", fromChannel.Data["Throwing component"]);
        Assert.AreEqual("Training", fromChannel.Data["Phase"]);
        Assert.AreEqual("HostEnvironment", host.ContextDescription);
    }

    [TestMethod]
    public void Register_without_a_name_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => ((IHostEnvironment)new MLContext()).Register(""));

        Assert.AreEqual("name cannot be null or empty (Parameter 'name')", error.Message);
        Assert.AreEqual(1, error.Data["ML_IsMarked"]);
    }
}
