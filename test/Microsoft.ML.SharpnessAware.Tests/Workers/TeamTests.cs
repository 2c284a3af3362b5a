using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TeamTests
{
    [TestMethod]
    public void Of_one_worker_is_alone()
    {
        Assert.AreSame(Team.Alone, ThreadWorkers.Together(1, Team.Of)[0]);
        Assert.AreSame(Team.Alone, Team.Of(null));
        Assert.AreEqual((0, 1, true, true), (Team.Alone.Rank, Team.Alone.Count, Team.Alone.IsAlone, Team.Alone.Leads));
    }

    [TestMethod]
    public void Prepare_that_fails_on_one_worker_fails_on_all_of_them()
    {
        var faults = ThreadWorkers.Faults(3, workers => Team.Of(workers).Prepare(() => workers.Rank == 1 ? throw new IOException("The disk is full.") : 1));

        Assert.AreEqual("The disk is full.", Assert.IsInstanceOfType<IOException>(faults[1]).Message);
        foreach (var other in new[] { faults[0], faults[2] })
            Assert.AreEqual("Worker 2 of 3 cannot begin: The disk is full.", Assert.IsInstanceOfType<InvalidOperationException>(other).Message);
    }

    [TestMethod]
    public void Prepare_that_is_cancelled_on_one_worker_is_cancelled_on_all_of_them() =>
        Assert.IsTrue(ThreadWorkers.Faults(2, workers => Team.Of(workers).Prepare(() => workers.Rank == 1 ? throw new OperationCanceledException() : 1)).All(fault => fault is OperationCanceledException));

    [TestMethod]
    public void Prepare_disposes_of_what_is_of_no_use()
    {
        var disposed = ThreadWorkers.Together(2, workers =>
        {
            var made = new Disposed();
            Assert.Throws<Exception>(() => Team.Of(workers).Prepare(() => workers.Rank == 1 ? throw new IOException() : made));
            return made.Is;
        });
        Assert.IsTrue(disposed[0]);
    }

    [TestMethod]
    public void CheckAlike_names_the_worker_and_what_differs()
    {
        var faults = ThreadWorkers.Faults(3, workers => Team.Of(workers).CheckAlike(new JsonObject { ["BatchSize"] = workers.Rank == 2 ? 64 : 32, ["Seed"] = 1 }));

        foreach (var fault in faults)
            Assert.AreEqual("Worker 3 of 3 does not have what Worker 1 of 3 has: BatchSize was 32 and is 64. Give all workers the same program, options, rows and files.", Assert.IsInstanceOfType<InvalidOperationException>(fault).Message);
    }

    [TestMethod]
    public void Train_ends_all_where_one_fails_alone_but_not_where_all_do()
    {
        var aborted = ThreadWorkers.Together(2, workers =>
        {
            Assert.Throws<IOException>(() => Team.Of(workers).Train<int>(() => throw (workers.Rank == 1 ? new IOException("full") : CommonFault.Of(new IOException()))));
            Assert.IsFalse(workers.IsInRun);
            return workers.Aborted;
        });
        CollectionAssert.AreEqual(new[] { null, "IOException: full" }, aborted);
    }

    [TestMethod]
    public void Lead_and_TextOf_give_what_one_worker_has()
    {
        var found = ThreadWorkers.Together(3, workers => $"{Team.Of(workers).Lead(workers.Rank + 5)} {Team.Of(workers).TextOf(2, new string('é', workers.Rank))} {Team.Of(workers).FirstWith(workers.Rank > 0)}");
        CollectionAssert.AreEqual(new[] { "5 éé 1", "5 éé 1", "5 éé 1" }, found);
    }

    [TestMethod]
    public void Most_and_BytesOfAll_tell_all_of_all()
    {
        var found = ThreadWorkers.Together(3, workers => $"{Team.Of(workers).Most(5 - workers.Rank)} {string.Join(' ', Team.Of(workers).BytesOfAll(new byte[workers.Rank * 2]).Select(bytes => bytes.Length))}");
        CollectionAssert.AreEqual(new[] { "5 0 2 4", "5 0 2 4", "5 0 2 4" }, found);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    [DataRow(7)]
    public void Every_thing_is_one_workers_own(int things)
    {
        var own = ThreadWorkers.Together(3, workers => (Count: Team.Of(workers).OwnCount(things), Things: Enumerable.Range(0, things).Where(Team.Of(workers).Owns).ToArray()));
        Assert.AreSequenceEqual(Enumerable.Range(0, things), own.SelectMany(one => one.Things).Order());
        Assert.IsTrue(own.All(one => one.Count == one.Things.Length));
        Assert.AreEqual(things, Team.Alone.OwnCount(things));
    }

    [TestMethod]
    public void Gather_gives_all_tensors_to_all()
    {
        var gathered = ThreadWorkers.Together(2, workers =>
        {
            using var scope = NewDisposeScope();
            var own = new Dictionary<string, Tensor> { [$"of {workers.Rank}"] = full([2, 3], workers.Rank + 0.5, dtype: ScalarType.Float64) };
            return string.Join("; ", Team.Of(workers).Gather(own).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value.dtype} {string.Join('×', one.Value.shape)} {one.Value.sum().ToDouble()}"));
        });
        Assert.AreEqual("of 0: Float64 2×3 3; of 1: Float64 2×3 9", gathered[0]);
        Assert.AreEqual(gathered[0], gathered[1]);
    }

    [TestMethod]
    public void MakeAlike_gives_the_first_workers_weights_and_the_mean_of_the_statistics()
    {
        var states = ThreadWorkers.Together(2, workers =>
        {
            using var net = new SmallNet();
            using (no_grad())
                foreach (var (_, tensor) in net.state_dict().Where(one => one.Value.is_floating_point()))
                    tensor.add_(workers.Rank);
            Team.Of(workers).MakeAlike(net);
            return net.state_dict().ToDictionary(one => one.Key, one => one.Value.to(ScalarType.Float64).mean().ToDouble());
        });

        CollectionAssert.AreEqual(states[0], states[1]);
        using var first = new SmallNet();
        Assert.AreEqual(first.state_dict()["fc.weight"].to(ScalarType.Float64).mean().ToDouble(), states[0]["fc.weight"]);
        Assert.AreEqual(0.5, states[0]["norm.running_mean"], "0 and 1");
    }

    [TestMethod]
    [DataRow(ScalarType.Float32)]
    [DataRow(ScalarType.Float64)]
    public void Sum_of_a_tensor_is_that_of_its_elements_however_they_lie(ScalarType type)
    {
        var sums = ThreadWorkers.Together(2, workers =>
        {
            using var scope = NewDisposeScope();
            var turned = (arange(6, dtype: type) * (workers.Rank + 1)).reshape(2, 3).t();
            Team.Of(workers).Sum(turned);
            return string.Join(' ', turned.contiguous().to(ScalarType.Float64).data<double>());
        });
        Assert.AreEqual("0 9 3 12 6 15", sums[0]);
        Assert.AreEqual(sums[0], sums[1]);
    }

    sealed class Disposed : IDisposable
    {
        public bool Is { get; private set; }

        public void Dispose() => Is = true;
    }
}
