using System.Diagnostics;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WatchdogTests
{
    static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(100);

    readonly BlockingResult _late = new();

    [TestMethod]
    public void Call_that_takes_too_long_is_noticed_when_its_limit_is_over()
    {
        var time = Stopwatch.StartNew();

        new Watchdog(_late.Set).Begin(Short);

        Assert.AreEqual(Short, _late.Within(Long));
        Assert.IsGreaterThanOrEqualTo(Short - TimeSpan.FromMilliseconds(16), time.Elapsed, "but for the clock's resolution");
    }

    [TestMethod]
    public void Call_that_ends_in_time_is_not()
    {
        var watchdog = new Watchdog(_late.Set);
        for (var call = 0; call < 5; call++)
            using (watchdog.Begin(Short))
                Thread.Sleep(5);

        Assert.IsNull(_late.Within(5 * Short));
    }

    [TestMethod]
    public void Call_after_others_that_ended_has_its_own_limit()
    {
        var watchdog = new Watchdog(_late.Set);
        watchdog.Begin(Long).Dispose();
        watchdog.Begin(Timeout.InfiniteTimeSpan).Dispose();

        watchdog.Begin(Short);

        Assert.AreEqual(Short, _late.Within(Long / 2));
    }

    [TestMethod]
    public void Call_without_a_limit_is_never_late()
    {
        var watchdog = new Watchdog(_late.Set);
        watchdog.Begin(Short).Dispose();

        watchdog.Begin(Timeout.InfiniteTimeSpan);

        Assert.IsNull(_late.Within(5 * Short));
    }

    sealed class BlockingResult
    {
        readonly TaskCompletionSource<TimeSpan> _set = new();

        public void Set(TimeSpan limit) => _set.SetResult(limit);

        public TimeSpan? Within(TimeSpan limit) => _set.Task.Wait(limit) ? _set.Task.Result : null;
    }
}
