using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What a run does with its checkpoints, but for going on bit for bit.</summary>
[TestClass]
public class CheckpointsTests
{
    const int Steps = 15;

    static readonly TrainingPlan Plan = CheckpointedRun.Plan;

    [TestMethod]
    public void A_finished_run_gives_its_network_again_without_training()
    {
        var plan = Plan with { EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss) };
        using var run = new CheckpointedRun(plan) { Validation = new WavyExamples(9) };
        run.Finish();
        var (bits, epochs, summary) = (run.Bits, run.Epochs.ToArray(), run.Summary!);

        run.Finish();

        Assert.AreEqual(0, run.Train.Loads);
        CollectionAssert.AreEqual(epochs, run.Epochs);
        Assert.AreEqual((summary.Epochs, summary.BestEpoch, summary.Ending), (run.Summary!.Epochs, run.Summary.BestEpoch, run.Summary.Ending));
        foreach (var (name, bytes) in bits)
            CollectionAssert.AreEqual(bytes, run.Bits[name], name);
        Assert.AreEqual($"The run in '{run.Folder}' is finished: this is its model. To train again, choose another CheckpointFolder, or delete this one.", run.Log[^1]);
    }

    [TestMethod]
    public void A_finished_run_keeps_no_more_than_the_network_and_the_checkpoint_before()
    {
        using var run = new CheckpointedRun(Plan);
        run.Finish();
        CollectionAssert.AreEqual(new[] { "sam-step-00000010.safetensors", "sam-step-00000015.safetensors" }, run.Files());
        using var scope = NewDisposeScope();
        Assert.IsTrue(CheckpointFile.ReadTensors(Path.Combine(run.Folder, run.Files()[^1])).Keys.All(name => name.StartsWith("network.", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_run_that_the_callback_ended_is_finished()
    {
        var plan = Plan with { MetricsCallback = metrics => { if (metrics.Epoch == 2) metrics.Stop(); } };
        using var run = new CheckpointedRun(plan);
        run.Finish();
        run.Finish();
        Assert.AreEqual(2, run.Summary!.Epochs);
        Assert.HasCount(2, run.Epochs);
    }

    [TestMethod]
    public void Cancelled_to_throw_it_throws_and_leaves_a_checkpoint_of_that_step()
    {
        using var run = new CheckpointedRun(Plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(7));
        CollectionAssert.AreEqual(new[] { "sam-step-00000005.safetensors", "sam-step-00000007.safetensors" }, run.Files());
        Assert.AreEqual("Wrote a checkpoint in epoch 2, after 2 of its batches, from which the run can resume.", run.Log[^1]);
    }

    [TestMethod]
    public void Cancelled_to_keep_the_best_it_gives_the_best_epochs_network_and_can_still_go_on()
    {
        var plan = Plan with { OnCancel = CancelBehavior.KeepBest, Optimizer = new Sgd(LearningRate: 0.3), EarlyStopping = new EarlyStopping(EarlyStoppingMetric.Loss) };
        var validation = new WavyExamples(9, phase: 1);
        var unbroken = CheckpointedRun.Unbroken(plan, validates: true);
        using var run = new CheckpointedRun(plan) { Validation = validation };

        run.CancelAfter(12);

        var best = run.Summary!.BestEpoch!.Value;
        Assert.IsTrue(run.Epochs[best - 1].EndsWith("IsBest=True", StringComparison.Ordinal) && run.Epochs.Skip(best).All(line => line.EndsWith("IsBest=False", StringComparison.Ordinal)));
        Assert.AreEqual($"Cancelled in epoch 3, after 2 of its batches. The model is that of epoch {best}, the best so far.", run.Summary.Ending);
        Assert.AreEqual(2, run.Summary.Epochs);
        using (var only = new CheckpointedRun(plan with { MetricsCallback = metrics => { if (metrics.Epoch == best) metrics.Stop(); } }) { Validation = validation })
        {
            only.Finish();
            foreach (var (name, bytes) in only.Bits)
                CollectionAssert.AreEqual(bytes, run.Bits[name], name);
        }

        run.Finish();
        run.AssertSame(unbroken, "gone on after a model was given");
    }

    [TestMethod]
    [DataRow(3, true, "Cancelled in epoch 1, after 3 of its batches. The model is that of this moment.")]
    [DataRow(7, false, "Cancelled in epoch 2, after 2 of its batches. The model is that of this moment.")]
    [DataRow(0, false, "Cancelled in epoch 1, after 0 of its batches. The model is that of this moment.")]
    public void Cancelled_to_keep_the_best_where_there_is_none_it_gives_the_network_as_it_is(int steps, bool validates, string ending)
    {
        var plan = Plan with { OnCancel = CancelBehavior.KeepBest };
        using var run = new CheckpointedRun(plan) { Validation = validates ? new WavyExamples(9) : null };

        run.CancelAfter(steps);

        Assert.IsNull(run.Summary!.BestEpoch);
        Assert.AreEqual(ending, run.Summary.Ending);
        using var scope = NewDisposeScope();
        var saved = CheckpointFile.ReadTensors(Path.Combine(run.Folder, $"sam-step-{steps:00000000}.safetensors"));
        foreach (var (name, bytes) in run.Bits)
            CollectionAssert.AreEqual(bytes, saved[$"network.{name}"].bytes.ToArray(), name);
    }

    [TestMethod]
    public void Cancelled_without_a_folder_it_keeps_the_best_all_the_same()
    {
        using var net = new SmallNet();
        using var source = new CancellationTokenSource();
        var plan = Plan with { OnCancel = CancelBehavior.KeepBest, CancellationToken = source.Token, MetricsCallback = _ => source.Cancel() };
        var summary = new Trainer(net, plan).Run(new WavyExamples(20), new WavyExamples(9));
        Assert.AreEqual((1, 1), (summary.Epochs, summary.BestEpoch));
        Assert.IsFalse(net.training);
    }

    [TestMethod]
    public void Cancelled_while_it_validates_it_validates_again()
    {
        var unbroken = CheckpointedRun.Unbroken(Plan, validates: true);
        var cancelled = false;
        var validation = new WavyExamples(9, phase: 1) { Loading = load => cancelled |= load == 3 };
        using var run = new CheckpointedRun(Plan with { CheckAlive = () => { if (cancelled) throw new OperationCanceledException(); } }) { Validation = validation };

        Assert.Throws<OperationCanceledException>(run.Finish);
        Assert.AreEqual("Wrote a checkpoint in epoch 2, after 5 of its batches, from which the run can resume.", run.Log[^1]);
        cancelled = false;
        run.Finish();

        Assert.AreEqual(5, run.Train.Loads);
        run.AssertSame(unbroken, "cancelled in validation");
    }

    [TestMethod]
    public void A_damaged_checkpoint_is_refused_by_name_and_the_one_before_is_used()
    {
        var unbroken = CheckpointedRun.Unbroken(Plan, validates: false);
        foreach (var share in new[] { 0, 0.001, 0.01, 0.1, 0.5, 0.9 })
            AssertGoesOnFromBefore(bytes => bytes[..(int)(share * bytes.Length)]);
        AssertGoesOnFromBefore(bytes => bytes[..^1]);
        for (var i = 0; i < 10; i++)
            AssertGoesOnFromBefore(bytes =>
            {
                bytes[new Seeds(i).For("place") % bytes.Length] ^= (byte)(1 << (int)(new Seeds(i).For("bit") % 8));
                return bytes;
            });

        void AssertGoesOnFromBefore(Func<byte[], byte[]> damage)
        {
            using var run = new CheckpointedRun(Plan);
            Assert.Throws<OperationCanceledException>(() => run.CancelAfter(12));
            var newest = Path.Combine(run.Folder, "sam-step-00000012.safetensors");
            File.WriteAllBytes(newest, damage(File.ReadAllBytes(newest)));

            run.Finish();

            Assert.HasCount(1, run.Warnings);
            Assert.StartsWith($"The checkpoint '{newest}' is damaged and is not used: ", run.Warnings[0]);
            Assert.AreEqual(Steps - 10, run.Train.Loads);
            run.AssertSame(unbroken, "gone on from the checkpoint before");
            CollectionAssert.AreEqual(new[] { "sam-step-00000010.safetensors", "sam-step-00000015.safetensors" }, run.Files());
        }
    }

    [TestMethod]
    public void Where_all_checkpoints_are_damaged_the_run_starts_again_and_says_so()
    {
        var unbroken = CheckpointedRun.Unbroken(Plan, validates: false);
        using var run = new CheckpointedRun(Plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(12));
        foreach (var file in run.Files())
            File.WriteAllText(Path.Combine(run.Folder, file), "?");
        run.Epochs.Clear();

        run.Finish();

        Assert.HasCount(2, run.Warnings);
        Assert.Contains($"There is no checkpoint in '{run.Folder}' that can be used: the run starts from the beginning.", run.Log);
        Assert.AreEqual(Steps, run.Train.Loads);
        run.AssertSame(unbroken, "started again");
    }

    [TestMethod]
    public void A_checkpoint_of_another_run_is_refused_and_stays()
    {
        using var run = new CheckpointedRun(Plan with { Identity = new JsonObject { ["A"] = 1 } });
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(3));
        using var net = new SmallNet();
        using (var checkpoints = run.Open())
        {
            var error = Assert.Throws<InvalidOperationException>(() => new Trainer(net, Plan with { Seeds = new Seeds(8), Identity = new JsonObject { ["A"] = 2 } }, checkpoints).Run(run.Train, null));
            Assert.AreEqual(
                $"The checkpoint '{Path.Combine(run.Folder, "sam-step-00000003.safetensors")}' is of another run: Seed was 7 and is 8; A was 1 and is 2. To resume, give it the data, network and options that it is of; to train again, choose another CheckpointFolder, or delete this one.",
                error.Message);
        }
        CollectionAssert.AreEqual(new[] { "sam-step-00000003.safetensors" }, run.Files());
    }

    [TestMethod]
    public void A_checkpoint_of_a_network_of_another_shape_is_refused_by_its_weights()
    {
        using var run = new CheckpointedRun(Plan);
        Assert.Throws<OperationCanceledException>(() => run.CancelAfter(3));
        using var net = nn.Sequential(("fc", nn.Linear(36, 3)));
        using var checkpoints = run.Open();
        var error = Assert.Throws<InvalidOperationException>(() => new Trainer(net, Plan, checkpoints).Run(run.Train, null));
        Assert.Contains("does not fit: the weights do not fit the network: ", error.Message);
        Assert.Contains("unknown to the network are 'norm.num_batches_tracked', 'conv.bias', 'conv.weight', ", error.Message);
        Assert.Contains("of another shape is 'fc.weight' ([3, 4] instead of [3, 36])", error.Message);
    }

    [TestMethod]
    public void Two_runs_in_one_folder_are_an_error_and_a_killed_ones_lock_is_not()
    {
        using var run = new CheckpointedRun(Plan);
        using (run.Open())
            Assert.Throws<InvalidOperationException>(run.Finish);
        Assert.IsTrue(File.Exists(Path.Combine(run.Folder, "sam-run.lock")), "what a killed run leaves, too");
        run.Finish();
    }

    [TestMethod]
    public void A_state_that_this_version_does_not_know_is_an_error_that_says_so()
    {
        using var run = new CheckpointedRun(Plan);
        using (var scope = NewDisposeScope())
            CheckpointFile.Write(Path.Combine(run.Folder, "sam-step-00000003.safetensors"), """{"Novelty": 1}""", new Dictionary<string, Tensor> { ["x"] = zeros(1) });
        var error = Assert.Throws<InvalidOperationException>(() => run.Open());
        Assert.StartsWith($"The checkpoint '{Path.Combine(run.Folder, "sam-step-00000003.safetensors")}' cannot be read by the version {LibraryVersion.Text} of Microsoft.ML.SharpnessAware: ", error.Message);
        Assert.EndsWith(" Use the version that wrote it, or choose another CheckpointFolder.", error.Message);
        Assert.AreEqual(error.Message, Assert.Throws<InvalidOperationException>(() => run.Open()).Message, "the folder is free");
    }
}
