using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public partial class MpiWorkersTests
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [TestMethod]
    [DataRow("openmpi", 2)]
    [DataRow("openmpi", 3)]
    [DataRow("openmpi", 4)]
    [DataRow("mpich", 2)]
    [DataRow("mpich", 3)]
    [DataRow("mpich", 4)]
    public void Sum_and_Broadcast_give_what_they_should_with_the_same_bits_on_all(string mpi, int count)
    {
        var run = MpiRun.Of(mpi, count, Limit, "50", "sum");

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        var ranks = Line().Matches(run.Output).GroupBy(line => line.Groups["rank"].Value, line => line.Groups["text"].Value).OrderBy(lines => lines.Key).Select(lines => lines.ToArray()).ToArray();
        Assert.HasCount(count, ranks);
        for (var rank = 0; rank < count; rank++)
        {
            Assert.AreEqual($"worker {rank} of {count}", ranks[rank][0]);
            CollectionAssert.AreEqual(ranks[0][1..], ranks[rank][1..]);
        }
        var lines = ranks[0][1..];
        Assert.HasCount(5 * (2 + count) + 4 + 1, lines);
        Assert.IsTrue(lines[..^1].All(line => Right().IsMatch(line)), string.Join('\n', lines));
        Assert.AreEqual("exceptions are caught", lines[^1]);
    }

    [TestMethod]
    [DataRow("openmpi", 2)]
    [DataRow("openmpi", 4)]
    [DataRow("mpich", 2)]
    [DataRow("mpich", 4)]
    public void Exchange_gives_each_what_the_others_have_for_it(string mpi, int count)
    {
        var run = MpiRun.Of(mpi, count, Limit, "50", "exchange");

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        foreach (var size in new[] { 0, 1, 3, 1000, 300_001 })
            for (var rank = 0; rank < count; rank++)
                Assert.Contains($"[{rank}] exchange {size} {string.Join(' ', Enumerable.Range(0, count).Select(sender => (sender + 2 * rank) % 3 * size))}\n", run.Output);
    }

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Worker_that_throws_ends_all_and_says_why(string mpi) =>
        AssertEnds(MpiRun.Of(mpi, 3, Limit, "50", "throw", "1"), "Worker 2 of 3 on HOST ends the training of all:\nUnhandled exception. System.InvalidOperationException: the disk is full\n   at ");

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Abort_ends_all_with_its_reason_in_one_line(string mpi) =>
        AssertEnds(MpiRun.Of(mpi, 2, Limit, "50", "abort", "0"), "Worker 1 of 2 on HOST ends the training of all: the disk is full\n");

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Worker_that_leaves_a_run_ends_all(string mpi) =>
        AssertEnds(MpiRun.Of(mpi, 3, Limit, "50", "exit", "2"), "Worker 3 of 3 on HOST ends the training of all: its process ended before the training did.\n");

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Worker_that_fails_before_a_run_ends_all_with_its_exit_code(string mpi)
    {
        var run = MpiRun.Of(mpi, 2, Limit, "50", "fail", "1");

        AssertEnds(run, "Worker 2 of 2 on HOST ends all: its process ended with exit code 3.\n");
        Assert.AreEqual(3, run.ExitCode);
    }

    [TestMethod]
    [DataRow("openmpi", "rank 1")]
    [DataRow("mpich", "signal 9")]
    public void Worker_that_is_killed_ends_all_and_the_launcher_says_so(string mpi, string line)
    {
        var run = MpiRun.Of(mpi, 3, Limit, "50", "kill", "1");

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.DoesNotContain("came to its end", run.Output);
        Assert.Contains(line, run.Output + run.Errors);
        Assert.Contains(Environment.MachineName, run.Output + run.Errors);
    }

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Worker_that_hangs_is_waited_for_as_long_as_Timeout_says(string mpi)
    {
        var run = MpiRun.Of(mpi, 2, Limit, "1.5", "hang", "1");

        AssertEnds(run, "Worker 1 of 2 on HOST has waited 1.5 s for the others, and ends.\n");
        Assert.IsGreaterThan(TimeSpan.FromSeconds(1.5), run.Took);
    }

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Worker_that_is_done_waits_at_its_end_for_one_that_is_not_whatever_Timeout_says(string mpi)
    {
        var run = MpiRun.Of(mpi, 2, Limit, "0.5", "linger", "1.5");

        Assert.AreEqual(0, run.ExitCode, run.Errors);
        Assert.IsGreaterThan(TimeSpan.FromSeconds(1.5), run.Took);
    }

    [TestMethod]
    public void Without_a_launcher_there_is_one_worker_and_no_MPI()
    {
        var run = MpiRun.Alone(Limit, ["50", "alone"]);

        Assert.AreEqual("worker 0 of 1: 1 2\n0 parts of MPI are loaded\n", run.Output, run.Errors);
        Assert.AreEqual(0, run.ExitCode);
    }

    [TestMethod]
    public void Batch_script_of_SLURM_is_no_launcher()
    {
        var run = MpiRun.Alone(Limit, ["50", "alone"], ("SLURM_JOB_ID", "7"), ("SLURM_PROCID", "0"), ("SLURM_NTASKS", "4"));

        Assert.StartsWith("worker 0 of 1: 1 2\n0 parts", run.Output);
    }

    [TestMethod]
    [DataRow("openmpi", "OMPI_COMM_WORLD_SIZE")]
    [DataRow("mpich", "PMI_SIZE")]
    public void Launcher_of_another_MPI_than_the_library_is_an_error(string mpi, string variable)
    {
        MpiRun.Require(mpi);

        var run = MpiRun.Alone(Limit, ["50", "alone"], (variable, "2"));

        Assert.AreNotEqual(0, run.ExitCode);
        StringAssert.Matches(run.Errors, new Regex(@"InvalidOperationException: The launcher started 2 processes, but libmpi(ch)?\.so\.\d+ joined 1: they are not of the same MPI\. Start the program by "));
    }

    [TestMethod]
    [DataRow("00:00:00")]
    [DataRow("-00:00:01")]
    public void Timeout_that_is_not_more_than_0_is_refused(string value)
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MpiWorkers { Timeout = TimeSpan.Parse(value, System.Globalization.CultureInfo.InvariantCulture) });

        Assert.StartsWith($"Timeout must be more than 0, or Timeout.InfiniteTimeSpan, but was {value}.", error.Message);
    }

    [TestMethod]
    public void Timeout_may_be_infinite_and_is_10_minutes_if_nobody_says()
    {
        Assert.AreEqual(Timeout.InfiniteTimeSpan, new MpiWorkers { Timeout = Timeout.InfiniteTimeSpan }.Timeout);
        Assert.AreEqual(TimeSpan.FromMinutes(10), new MpiWorkers().Timeout);
    }

    static void AssertEnds(MpiRun run, string line)
    {
        Assert.AreNotEqual(0, run.ExitCode);
        Assert.DoesNotContain("came to its end", run.Output);
        Assert.Contains(line.Replace("HOST", Environment.MachineName, StringComparison.Ordinal), run.Errors);
    }

    [GeneratedRegex(@"^\[(?<rank>\d)\] (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^(float \d+ (exact|rounded)|double \d+ exact|broadcast \d+ from \d 0|tensor Float32 \w+ (exact|rounded)|tensor Float64 \w+ exact) [0-9a-f]{16}$")]
    private static partial Regex Right();
}
