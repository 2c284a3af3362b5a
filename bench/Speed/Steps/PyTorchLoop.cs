using System.Diagnostics;

namespace Speed.Steps;

/// <summary>The Python program that takes the same steps with PyTorch.</summary>
static class PyTorchLoop
{
    static readonly string[] _pythons = ["/usr/bin/python3", "python3", "python"];

    /// <summary>A Python that has PyTorch; null where there is none.</summary>
    public static string? FindPython() => Array.Find(_pythons, HasTorch);

    /// <summary>The program, as a file beside this program.</summary>
    public static string File()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "pytorch_loop.py");
        using var resource = typeof(PyTorchLoop).Assembly.GetManifestResourceStream("pytorch_loop.py")!;
        using var target = System.IO.File.Create(file);
        resource.CopyTo(target);
        return file;
    }

    static bool HasTorch(string python)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
