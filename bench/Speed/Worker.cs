using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Speed;

/// <summary>A process that answers lines with numbers, and stands still meanwhile: threads that wait actively would take the cores of whoever's turn it is.</summary>
sealed class Worker : IDisposable
{
    const int Continue = 18;
    const int Stop = 19;

    static readonly string[] _waitVariables = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT"];

    readonly Process _process;
    readonly Task<string> _errors;

    Worker(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? waits = null)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (waits is not null)
        {
            foreach (var variable in _waitVariables)
                start.Environment.Remove(variable);
            foreach (var (variable, value) in waits)
                start.Environment[variable] = value;
        }
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>This program, with other arguments.</summary>
    public static Worker OfThisProgram(params IEnumerable<string> arguments) => new(Environment.ProcessPath!, arguments);

    /// <summary>The same, with these variables alone to say how OpenMP's threads wait for each other; null for those of this process.</summary>
    public static Worker ThatWaits(IReadOnlyDictionary<string, string>? waits, params IEnumerable<string> arguments) => new(Environment.ProcessPath!, arguments, waits);

    /// <summary>Another program.</summary>
    public static Worker Of(string program, params IEnumerable<string> arguments) => new(program, arguments);

    /// <exception cref="InvalidOperationException">The process has ended; the message has what it wrote to its standard error.</exception>
    public string ReadLine() => _process.StandardOutput.ReadLine() ?? throw Ended();

    /// <summary>The numbers that it answers a line with.</summary>
    public double[] Ask(string line)
    {
        Signal(Continue);
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        var numbers = Numbers(ReadLine());
        Signal(Stop);
        return numbers;
    }

    /// <summary>The last line of its output, when it has ended.</summary>
    public string Finish()
    {
        _process.StandardInput.Close();
        var lines = _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _process.WaitForExit();
        return _process.ExitCode == 0 && lines is [.., var last] ? last : throw Ended();
    }

    public void Dispose()
    {
        Signal(Continue);
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    void Signal(int signal)
    {
        if (OperatingSystem.IsLinux())
            _ = kill(_process.Id, signal);
    }

    [DllImport("libc")]
    static extern int kill(int process, int signal);

    static double[] Numbers(string line) => Array.ConvertAll(line.Split(' '), double.Parse);

    InvalidOperationException Ended()
    {
        _process.WaitForExit();
        return new($"'{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}' ended with {_process.ExitCode}: {_errors.Result}");
    }
}
