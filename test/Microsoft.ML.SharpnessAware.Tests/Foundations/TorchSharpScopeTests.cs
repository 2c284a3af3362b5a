namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpScopeTests
{
    [TestMethod]
    public void Dispose_frees_what_was_made_in_the_scope()
    {
        Tensor inside, outside = zeros(2);
        using (NewDisposeScope()) inside = outside + 1;

        Assert.IsTrue(inside.IsInvalid);
        Assert.IsFalse(outside.IsInvalid);
        outside.Dispose();
    }

    [TestMethod]
    public void MoveToOuterDisposeScope_saves_a_tensor_for_the_scope_around()
    {
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope()) moved = ones(3).MoveToOuterDisposeScope();
            Assert.IsFalse(moved.IsInvalid);
            Assert.IsTrue(outer.Contains(moved));
        }
        Assert.IsTrue(moved.IsInvalid);
    }

    [TestMethod]
    public void MoveToOuterDisposeScope_without_an_outer_scope_detaches()
    {
        Tensor moved;
        using (NewDisposeScope()) moved = ones(3).MoveToOuterDisposeScope();

        Assert.IsFalse(moved.IsInvalid);
        moved.Dispose();
    }

    [TestMethod]
    public void DetachFromDisposeScope_leaves_a_tensor_to_its_owner()
    {
        Tensor kept;
        using (NewDisposeScope())
        using (NewDisposeScope()) kept = ones(3).DetachFromDisposeScope();

        Assert.AreEqual(3f, kept.sum().item<float>());
        kept.Dispose();
        Assert.IsTrue(kept.IsInvalid);
    }

    [TestMethod]
    public void Attach_takes_a_tensor_into_the_scope()
    {
        var stray = ones(3);
        using (var scope = NewDisposeScope())
        {
            scope.Attach(stray);
            Assert.AreEqual(1, scope.DisposablesCount);
        }
        Assert.IsTrue(stray.IsInvalid);
    }

    [TestMethod]
    public void DisposeEverythingBut_keeps_what_is_named()
    {
        using var scope = NewDisposeScope();
        var kept = ones(3);
        var gone = ones(3);

        scope.DisposeEverythingBut(kept);

        Assert.IsFalse(kept.IsInvalid);
        Assert.IsTrue(gone.IsInvalid);
        Assert.AreEqual(1, scope.DisposablesCount);
    }

    [TestMethod]
    public void Dispose_of_a_tensor_takes_it_out_of_its_scope()
    {
        using var scope = NewDisposeScope();
        ones(3).Dispose();

        Assert.AreEqual(0, scope.DisposablesCount);
    }

    [TestMethod]
    public void Dispose_twice_is_harmless_and_a_disposed_tensor_says_so()
    {
        var tensor = ones(3);
        tensor.Dispose();
        tensor.Dispose();

        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.Handle);
    }

    [TestMethod]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(3));
        thread.Start();
        thread.Join();

        Assert.AreEqual(0, scope.DisposablesCount);
        other!.Dispose();
    }

    [TestMethod]
    public void Statistics_count_the_living_tensors_of_the_scopes()
    {
        var statistics = DisposeScopeManager.Statistics;
        var before = statistics.ThreadTotalLiveCount;

        using (NewDisposeScope())
        {
            var one = ones(3);
            _ = one + 1;
            Assert.AreEqual(before + 2, statistics.ThreadTotalLiveCount);
            one.Dispose();
            Assert.AreEqual(before + 1, statistics.ThreadTotalLiveCount);
        }
        Assert.AreEqual(before, statistics.ThreadTotalLiveCount);
    }

    [TestMethod]
    public void Statistics_see_no_loss_in_a_parameter()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        nn.Parameter(ones(3)).Dispose();

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
