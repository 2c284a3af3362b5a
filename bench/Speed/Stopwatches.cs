using System.Diagnostics;

namespace Speed;

static class Stopwatches
{
    public static double Milliseconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalMilliseconds;
    }
}
