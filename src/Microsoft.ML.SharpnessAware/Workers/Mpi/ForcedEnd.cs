using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The end of a process that cannot go on while others wait for it, or that waits for others in vain.</summary>
internal static class ForcedEnd
{
    // On a network that is cut, or where nobody reads what a process writes, the last steps may hang as well.
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // When MPICH's launcher is told of the end, it forgets what processes have written and it has not yet read.
    static readonly TimeSpan ToBeRead = TimeSpan.FromMilliseconds(200);

    static int _isUnderWay;

    /// <summary>Writes why, tells the others, and ends the process with an exit code that is not 0, whatever of this hangs.</summary>
    /// <param name="reason">For people to read.</param>
    /// <param name="tellOthers">Ends the other processes, and perhaps this one.</param>
    [DoesNotReturn]
    public static void OfProcess(string reason, Action? tellOthers = null)
    {
        if (Interlocked.Exchange(ref _isUnderWay, 1) == 0)
        {
            void Last()
            {
                Write(reason);
                Thread.Sleep(ToBeRead);
                tellOthers?.Invoke();
            }

            var last = new Thread(Last) { IsBackground = true };
            last.Start();
            last.Join(Patience);
            Process.GetCurrentProcess().Kill();
        }
        Thread.Sleep(Timeout.Infinite);
        throw new UnreachableException();
    }

#pragma warning disable RS0030 // The process ends, and with it every log. The launcher collects what its processes write there.
    static void Write(string reason) => Console.Error.WriteLine(reason);
#pragma warning restore RS0030
}
