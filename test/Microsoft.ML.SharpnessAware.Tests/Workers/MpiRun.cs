using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>WorkersApp in several processes, started by mpirun, from its start to the end of the last process.</summary>
internal sealed partial class MpiRun
{
    const string Mark = "WORKERS_APP_RUN";

    static readonly string App = Path.Combine(typeof(MpiRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "WorkersApp").Value!, "WorkersApp.dll");

    // Containers run as root, have fewer cores than the tests have workers, and forbid reading another process's memory.
    static readonly (string Name, string Value)[] Settings =
    [
        ("OMPI_ALLOW_RUN_AS_ROOT", "1"),
        ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
        ("OMPI_MCA_rmaps_base_oversubscribe", "1"),
        ("OMPI_MCA_hwloc_base_binding_policy", "none"),
        ("OMPI_MCA_btl_vader_single_copy_mechanism", "none"),
        ("OMP_NUM_THREADS", "1"),
    ];

    static int _runs;

    MpiRun(Process process, string output, string errors, TimeSpan took)
    {
        ExitCode = process.ExitCode;
        // Open MPI gives its processes a terminal, to which .NET sends codes for the keyboard.
        Output = TerminalCode().Replace(output, "");
        Errors = errors;
        Took = took;
    }

    public int ExitCode { get; }

    public string Output { get; }

    public string Errors { get; }

    public TimeSpan Took { get; }

    /// <summary>Runs it; the test is inconclusive without this MPI ("openmpi" or "mpich"), and fails if a process is left after the limit.</summary>
    public static MpiRun Of(string mpi, int count, TimeSpan limit, params string[] arguments) =>
        Start(Require(mpi), limit, ["-n", $"{count}", "dotnet", App, .. arguments]);

    /// <summary>The launcher of this MPI; the test is inconclusive without it.</summary>
    public static string Require(string mpi) =>
        Launcher(mpi) ?? throw new AssertInconclusiveException($"There is no mpirun of {mpi}. On Debian and Ubuntu: apt install {(mpi == "mpich" ? "mpich" : "openmpi-bin")}");

    /// <summary>Runs one process without a launcher.</summary>
    public static MpiRun Alone(TimeSpan limit, string[] arguments, params (string Name, string Value)[] environment) => Start("dotnet", limit, [App, .. arguments], environment);

    /// <summary>Runs it by Open MPI, and kills one of its workers, by its rank, when what is waited for has come, or not at all if it ends before.</summary>
    public static MpiRun Killed(int count, int rank, TimeSpan limit, Action wait, params string[] arguments) => Start(Require("openmpi"), limit, ["-n", $"{count}", "dotnet", App, .. arguments], meanwhile: mark =>
    {
        wait();
        foreach (var worker in Marked(mark).Where(process => Environ(process.Id).Contains($"OMPI_COMM_WORLD_RANK={rank}\0", StringComparison.Ordinal)))
            worker.Kill();
    });

    static MpiRun Start(string program, TimeSpan limit, string[] arguments, (string Name, string Value)[]? environment = null, Action<string>? meanwhile = null)
    {
        var mark = $"{Environment.ProcessId}-{Interlocked.Increment(ref _runs)}";
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in (environment ?? []).Concat(Settings).Append((Mark, mark)))
            start.Environment[name] = value;

        var time = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        meanwhile?.Invoke(mark);
        var ended = process.WaitForExit(limit);
        var left = ended ? WaitForTheRest(mark, limit - time.Elapsed) : Marked(mark);
        foreach (var other in left)
            other.Kill();
        Assert.IsTrue(ended && left.Length == 0, $"{left.Length} processes are left after {limit.TotalSeconds} s.\n{output.Result}\n{errors.Result}");
        return new(process, output.Result, errors.Result, time.Elapsed);
    }

    // Processes outlive mpirun for a moment.
    static Process[] WaitForTheRest(string mark, TimeSpan limit)
    {
        for (var time = Stopwatch.StartNew(); ; Thread.Sleep(50))
            if (Marked(mark) is var left && (left.Length == 0 || time.Elapsed > limit))
                return left;
    }

    static Process[] Marked(string mark) => [.. Process.GetProcesses().Where(process => Environ(process.Id).Contains($"{Mark}={mark}\0", StringComparison.Ordinal))];

    static string Environ(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/environ");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>The command by its own name where several MPIs may be installed, as on Debian.</summary>
    static string? Launcher(string mpi) => OnPath($"mpirun.{mpi}") ?? (OnPath("mpirun") is { } mpirun && IsOf(mpi, mpirun) ? mpirun : null);

    static string? OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    static bool IsOf(string mpi, string mpirun)
    {
        using var process = Process.Start(new ProcessStartInfo(mpirun, ["--version"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Contains(mpi == "openmpi" ? "Open MPI" : "HYDRA", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\x1b(\[[?\d;]*[a-zA-Z]|[=>])")]
    private static partial Regex TerminalCode();
}
