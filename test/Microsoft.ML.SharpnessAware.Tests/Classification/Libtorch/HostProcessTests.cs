using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What training and predicting do to the process of the application.</summary>
[TestClass]
public class HostProcessTests
{
    static readonly string Built = typeof(HostProcessTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "HostApp").Value!;

    [TestMethod]
    [DataRow(1, 8)]
    [DataRow(1, 32)]
    [DataRow(2, 8)]
    [DataRow(2, 32)]
    public void Nothing_is_written_but_by_the_application(int threads, int size)
    {
        var (output, errors) = Run(["quiet", $"{threads}", $"{size}"]);

        Assert.AreEqual("", errors);
        Assert.AreEqual("""
            trained SamImageTransformer
            scored 12, predicted 12
            scored 12, predicted 12
            trained SamTextTransformer
            scored 12, predicted 12
            scored 12, predicted 12

            """, output);
    }

    [TestMethod]
    [DataRow(Kept)]
    [DataRow(Kept, "worker")]
    [DataRow(All, "leave-alone")]
    [DataRow(All, "worker", "leave-alone")]
    public void Freed_memory_is_kept_after_training_unless_the_application_forbids_it(string expected, params string[] wishes) => Assert.AreEqual(expected, GivenBack(wishes));

    [TestMethod]
    public void Freed_memory_is_given_back_where_the_environment_says_so() =>
        Assert.AreEqual(All, GivenBack([], ("MALLOC_TRIM_THRESHOLD_", "131072"), ("MALLOC_TOP_PAD_", "131072"), ("MALLOC_MMAP_THRESHOLD_", "131072")));

    [TestMethod]
    public void Memory_does_not_grow_from_epoch_to_epoch_where_the_weights_are_more_than_a_block_of_the_heap()
    {
        var (output, _) = Run(["large"]);

        foreach (var line in output.TrimEnd().Split('\n'))
        {
            double[] megabytes = [.. line.Split(' ').Select(double.Parse)];
            // Two vectors of all weights. Without a fault it comes to some 6, and with M_MMAP_MAX of 0 to 230 for F-SAM.
            Assert.IsLessThan(megabytes[1] + 80, megabytes[^1], $"MB after each epoch: {line}");
        }
        Assert.HasCount(2, output.TrimEnd().Split('\n'));
    }

    [TestMethod]
    [DataRow("OMP_WAIT_POLICY = 'PASSIVE'", "GOMP_SPINCOUNT = '20000'")]
    [DataRow("OMP_WAIT_POLICY = 'ACTIVE'", "", "OMP_WAIT_POLICY", "active")]
    [DataRow("GOMP_SPINCOUNT = '77'", "", "GOMP_SPINCOUNT", "77")]
    [DataRow("OMP_WAIT_POLICY = 'PASSIVE'", "GOMP_SPINCOUNT = '0'", "OMP_WAIT_POLICY", "passive")]
    public void Threads_of_OpenMP_wait_as_the_library_chooses_unless_the_environment_says_how(string policy, string spins, string? variable = null, string? value = null)
    {
        if (!OperatingSystem.IsLinux() || !GlibcAllocator.IsThere)
            Assert.Inconclusive("There is no GNU OpenMP here.");
        var others = OpenMpWaiting.Variables.Keys.Select(name => (Name: name, Value: name == variable ? value : null));

        var (_, errors) = Run(["memory"], [.. others, ("OMP_DISPLAY_ENV", (string?)"VERBOSE")]);

        Assert.Contains(policy, errors);
        Assert.Contains(spins, errors);
    }

    const string Kept = "none of it";
    const string All = "all of it";

    // Other memory of the process comes and goes meanwhile, but little of it.
    static string GivenBack(string[] wishes, params (string Name, string? Value)[] environment)
    {
        if (!OperatingSystem.IsLinux() || !GlibcAllocator.IsThere)
            Assert.Inconclusive("There is no glibc here.");
        var (output, errors) = Run(["memory", .. wishes], environment);
        Assert.AreEqual("", errors);
        var last = output.TrimEnd().Split('\n')[^1];
        Assert.StartsWith("given back: ", last);
        return int.Parse(last.Split(' ')[2]) switch
        {
            < 16 => Kept,
            > 112 and < 144 => All,
            _ => last,
        };
    }

    static (string Output, string Errors) Run(string[] arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(Built, "HostApp.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return (output.ReplaceLineEndings("\n"), errors.Result);
    }
}
