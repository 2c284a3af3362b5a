namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Trainings of several processes beside the same program on one.</summary>
[TestClass]
public class MpiTrainingTests
{
    const string Names = "plain,sam,mixed,groups,friendly,rwsam,micro,text";

    static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    readonly string _folder = Directory.CreateTempSubdirectory("Mpi").FullName;

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow("openmpi")]
    [DataRow("mpich")]
    public void Two_processes_come_to_the_bits_of_one_in_two_pieces(string mpi)
    {
        Succeed(MpiRun.Of(mpi, 2, _limit, "120", "train", Names, "1", File("together")));
        Succeed(MpiRun.Alone(_limit, ["120", "train", Names, "2", File("alone")]));

        foreach (var name in Names.Split(','))
            for (var rank = 0; rank < 2; rank++)
                CollectionAssert.AreEqual(Weights($"alone.{name}.0.zip"), Weights($"together.{name}.{rank}.zip"), $"{name} on worker {rank}");
    }

    [TestMethod]
    public void Four_processes_come_to_what_one_does_but_for_rounding_and_to_the_same_bits_among_them()
    {
        Succeed(MpiRun.Of("openmpi", 4, _limit, "120", "train", $"{Names},batchnorm", "4", File("together")));
        Succeed(MpiRun.Alone(_limit, ["120", "train", Names, "4", File("alone")]));

        foreach (var name in Names.Split(',').Append("batchnorm"))
            for (var rank = 1; rank < 4; rank++)
                CollectionAssert.AreEqual(Weights($"together.{name}.0.zip"), Weights($"together.{name}.{rank}.zip"), $"{name} on worker {rank}");
        foreach (var name in Names.Split(','))
        {
            var tolerance = name is "plain" or "sam" or "text" ? 1e-5 : 1e-3;
            Near.Equal(Numbers($"alone.{name}.0.zip"), Numbers($"together.{name}.0.zip"), tolerance, $"{name}: float32, summed in another order, which rules of differences make larger");
        }
    }

    [TestMethod]
    [DataRow("options", "Worker 2 of 2 does not have what Worker 1 of 2 has: BatchSize was 16 and is 8. Give all workers the same program, options, rows and files.")]
    [DataRow("seed", "Worker 2 of 2 does not have what Worker 1 of 2 has: Seed was 4 and is 5. Give all workers the same program, options, rows and files.")]
    [DataRow("rows", "Worker 2 of 2 does not have what Worker 1 of 2 has: the number of training rows was 64 and is 62; the training rows differ. Give all workers the same program, options, rows and files.")]
    public void Workers_that_differ_are_refused_before_the_first_step(string what, string expected)
    {
        var run = MpiRun.Of("openmpi", 2, _limit, "60", "differ", what);

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains($"worker 0 says: {expected}", run.Output);
        Assert.Contains($"worker 1 says: {expected}", run.Output);
    }

    [TestMethod]
    public void A_fault_of_one_worker_before_the_first_step_is_everybodys_exception()
    {
        var run = MpiRun.Of("openmpi", 2, _limit, "60", "differ", "fault");

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains("worker 0 says: Worker 2 of 2 cannot begin: the share is not mounted", run.Output);
        Assert.Contains("worker 1 says: the share is not mounted", run.Output);
    }

    [TestMethod]
    public void A_fault_of_one_worker_while_it_trains_ends_all_and_says_whose_it_was()
    {
        var run = MpiRun.Of("openmpi", 2, _limit, "60", "differ", "callback");

        Assert.AreNotEqual(0, run.ExitCode);
        Assert.Contains($"Worker 1 of 2 on {Environment.MachineName} ends the training of all: IOException: the disk is full", run.Errors);
    }

    // The kill falls into starting, into a step or into the writing of a checkpoint.
    [TestMethod]
    public void Killed_at_20_random_moments_a_run_of_two_ends_with_the_unbroken_runs_bits()
    {
        Directory.CreateDirectory(File("checkpoints"));
        Succeed(MpiRun.Of("openmpi", 2, _limit, "60", "resume", File("unbroken"), File("whole")));

        for (var kill = 0; kill < 20; kill++)
        {
            var chance = new Seeds(kill);
            var newest = Newest();
            Assert.AreNotEqual(0, MpiRun.Killed(2, kill % 2, _limit, () => Wait(chance, newest), "60", "resume", File("resumed"), File("checkpoints")).ExitCode);
        }

        Assert.IsGreaterThan(10, Newest(), "steps that the killed runs took");
        var last = MpiRun.Of("openmpi", 2, _limit, "60", "resume", File("resumed"), File("checkpoints"));
        Succeed(last);
        for (var rank = 0; rank < 2; rank++)
            CollectionAssert.AreEqual(Weights("unbroken.0.zip"), Weights($"resumed.{rank}.zip"));

        void Wait(Seeds chance, int newest)
        {
            var time = System.Diagnostics.Stopwatch.StartNew();
            var isEarly = chance.For("early") % 4 == 0;
            while (isEarly ? time.ElapsedMilliseconds < chance.For("start") % 1500 : Newest() == newest && time.Elapsed < _limit)
                Thread.Sleep(1);
            Thread.Sleep((int)(chance.For("moment") % 30));
        }

        int Newest() => Directory.GetFiles(File("checkpoints"), "*.safetensors").Select(file => int.Parse(Path.GetFileNameWithoutExtension(file).Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty().Max();
    }

    static void Succeed(MpiRun run) => Assert.AreEqual(0, run.ExitCode, run.Errors);

    string File(string name) => Path.Combine(_folder, name);

    byte[] Weights(string zip) => SavedModel.Entry(System.IO.File.ReadAllBytes(File(zip)), "Weights.safetensors");

    double[] Numbers(string zip)
    {
        using var scope = NewDisposeScope();
        return [.. SafeTensors.Read(new MemoryStream(Weights(zip))).OrderBy(tensor => tensor.Key, StringComparer.Ordinal).SelectMany(tensor => Near.Numbers(tensor.Value))];
    }
}
