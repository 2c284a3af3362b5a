using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.SharpnessAware;

namespace Speed;

/// <summary>The table, on the console and in a file, with what it was measured on.</summary>
sealed class Table : IDisposable
{
    readonly StreamWriter? _file;
    readonly Stopwatch _watch = Stopwatch.StartNew();

    public Table(FileInfo? file, Settings settings)
    {
        if (file is not null)
        {
            file.Directory?.Create();
            _file = file.CreateText();
            _file.AutoFlush = true;
        }
        Write($"{DateTime.UtcNow:yyyy-MM-dd}, {RuntimeInformation.OSDescription}, {Processor()}, {Environment.ProcessorCount} cores, {settings.Threads} threads, load average {Load()} before\n");
        Write($"libtorch of TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}; PyTorch {(settings.Python is null ? "not found, and left out" : PyTorchVersion(settings.Python))}; oneDNN {OneDnnState()}; {WaitPolicy()}; {settings.Rounds} rounds\n");
        Write(Figure.Head);
    }

    public void Add(Figure figure) => Write($"{figure}");

    public void Dispose()
    {
        Write($"\n{_watch.Elapsed.TotalMinutes:0} minutes, load average {Load()} after");
        _file?.Dispose();
    }

    void Write(string line)
    {
        Console.WriteLine(line);
        _file?.WriteLine(line);
    }

    static string Processor()
    {
        var name = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        var vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2" : "no AVX2";
        return $"{name ?? $"{RuntimeInformation.ProcessArchitecture}"} ({vectors})";
    }

    static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "not known";

    static string OneDnnState()
    {
        LibtorchDoor.Open();
        return OneDnn.SwitchOffWithoutCacheSizes() ? "off for all, since it misreads the caches here" : "on";
    }

    static string WaitPolicy() => $"OMP_WAIT_POLICY={Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") ?? "(none)"}, GOMP_SPINCOUNT={Environment.GetEnvironmentVariable("GOMP_SPINCOUNT") ?? "(none)"}";

    static string PyTorchVersion(string python)
    {
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch; print(torch.__version__)"]) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd().Trim();
    }
}
