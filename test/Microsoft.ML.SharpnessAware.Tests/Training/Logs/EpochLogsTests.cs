namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EpochLogsTests
{
    [TestMethod]
    public void Write_that_fails_warns_once_and_goes_on_with_the_other_logs()
    {
        var (before, failing, after, warnings) = (new Sink(), new Sink { FailsAt = 2 }, new Sink(), new List<string>());
        using (var logs = new EpochLogs([before, failing, after], warnings.Add))
        {
            logs.Begin(0);
            for (var epoch = 1; epoch <= 4; epoch++)
                logs.Write(EpochNumbers.Of(epoch));
        }

        CollectionAssert.AreEqual(new[] { "begin 0", "1", "2", "3", "4", "end" }, before.Calls);
        CollectionAssert.AreEqual(new[] { "begin 0", "1", "end" }, failing.Calls);
        CollectionAssert.AreEqual(before.Calls, after.Calls);
        Assert.AreEqual("Sink could not be written to: The disk is full. Training continues without it.", warnings.Single());
    }

    [TestMethod]
    public void Open_or_begin_that_fails_names_the_log_and_the_way_out_and_ends_the_others()
    {
        var fine = new Sink();
        const string Message = "Sink cannot be written to: The disk is full. Choose another place, or leave it out of LogSinks.";

        Assert.AreEqual(Message, Assert.Throws<InvalidOperationException>(() => new EpochLogs([fine, new Sink { FailsAt = -1 }], Assert.Fail)).Message);
        CollectionAssert.AreEqual(new[] { "end" }, fine.Calls);

        using var logs = new EpochLogs([new Sink { FailsAt = 0 }], Assert.Fail);
        Assert.AreEqual(Message, Assert.Throws<InvalidOperationException>(() => logs.Begin(0)).Message);
    }

    /// <summary>A log that fails when it is opened, -1; when it begins, 0; or at an epoch.</summary>
    sealed record Sink : LogSink, IEpochLog
    {
        public int? FailsAt { get; init; }

        public List<string> Calls { get; } = [];

        public override IEpochLog Open() => this with { FailsAt = Checked(-1) };

        public void Begin(int epochsDone)
        {
            Checked(0);
            Calls.Add($"begin {epochsDone}");
        }

        public void Write(EpochMetrics epoch)
        {
            Checked(epoch.Epoch);
            Calls.Add($"{epoch.Epoch}");
        }

        public void Dispose() => Calls.Add("end");

        public override string ToString() => nameof(Sink);

        int? Checked(int moment) => FailsAt == moment ? throw new IOException("The disk is full.") : FailsAt;
    }
}
