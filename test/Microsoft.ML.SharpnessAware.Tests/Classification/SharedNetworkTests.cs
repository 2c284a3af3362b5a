using System.Runtime.CompilerServices;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SharedNetworkTests
{
    [TestMethod]
    public void Dispose_while_the_network_is_in_use_frees_it_after_the_last_use()
    {
        var network = nn.Linear(2, 2);
        var shared = new SharedNetwork(typeof(SamImageTransformer), network, tap: null);

        shared.Use((outer, _) => shared.Use((_, _) =>
        {
            shared.Dispose();
            shared.Dispose();
            Assert.Throws<ObjectDisposedException>(() => shared.Use((_, _) => { }));
            using var scores = outer.call(ones(1, 2));
            Assert.AreEqual(2, scores.numel());
        }));

        Assert.IsTrue(network.weight!.IsInvalid);
    }

    [TestMethod]
    public void Networks_that_nobody_disposes_of_are_collected_before_they_are_many()
    {
        var networks = new List<WeakReference>();

        for (var i = 0; i < 100; i++)
            networks.Add(MakeOne());

        Assert.IsLessThan(50, networks.Count(network => network.IsAlive), "of 4 MB each, of which .NET's heap holds next to nothing");

        // On its own, so that no local variable holds the last one.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference MakeOne() => new(new SharedNetwork(typeof(SamImageTransformer), nn.Linear(1024, 1024), tap: null));
    }
}
