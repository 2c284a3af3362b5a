using System.Diagnostics;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The web site of <c>./build.sh docs</c>, from the library as it was built.</summary>
[TestClass]
public class SiteTests
{
    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Site_builds_without_a_warning_and_has_guides_and_types()
    {
        var start = new ProcessStartInfo("bash", ["-c", "set -euo pipefail; source eng/say.sh; source eng/site.sh; build_site"]) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        Assert.Contains("Rules", File.ReadAllText(Repository.PathOf("artifacts/site/docs/choosing-a-rule.html")));
        Assert.Contains("Microsoft.ML.SharpnessAware", File.ReadAllText(Repository.PathOf("artifacts/site/api/Microsoft.ML.SharpnessAware.SamImageTrainer.html")));
    }
}
