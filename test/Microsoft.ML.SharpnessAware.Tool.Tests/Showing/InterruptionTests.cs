using System.Diagnostics;

namespace MlnetSam.Tests;

[TestClass]
public sealed class InterruptionTests
{
    [TestMethod]
    public void Request_of_the_system_to_end_is_passed_on_and_outlived()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Windows does not send such a request to a process.");
        using var interruption = new Interruption();

        using var kill = Process.Start("sh", ["-c", $"kill -TERM {Environment.ProcessId}"]);
        kill.WaitForExit();

        Assert.IsTrue(interruption.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
    }
}
