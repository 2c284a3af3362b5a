using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A training in a second process that is killed and started again, until it comes to its end.</summary>
[TestClass]
public class KilledRunTests
{
    const int Kills = 20;
    const int Steps = 700;

    static readonly string Built = typeof(KilledRunTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "KilledApp").Value!;

    readonly string _folder = Directory.CreateTempSubdirectory("KilledApp").FullName;

    string Checkpoints => Path.Combine(_folder, "checkpoints");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Killed_at_20_random_moments_also_while_it_writes_it_ends_with_the_unbroken_runs_bits()
    {
        var unbroken = Path.Combine(_folder, "unbroken.zip");
        var resumed = Path.Combine(_folder, "resumed.zip");
        RunToTheEnd(unbroken);

        var inWriting = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var chance = new Seeds(kill);
            using var app = new App(resumed, Checkpoints);
            if (kill % 4 == 0)
                Thread.Sleep((int)(chance.For("start") % 1000));
            else
                Assert.IsTrue(app.Wait(line => line.StartsWith("step", StringComparison.Ordinal), 1 + (int)(chance.For("steps") % 3)), $"kill {kill}: {app.Errors}");
            // Every second kill falls into the writing of a checkpoint, which takes some milliseconds only: it comes at once.
            if (kill % 2 == 1)
                WaitForUnfinished();
            else
                Thread.Sleep((int)(chance.For("moment") % 20));

            var lines = app.Kill();
            if (lines.Any(line => line.StartsWith("step", StringComparison.Ordinal)))
                Assert.IsTrue(lines.Any(line => line.Contains("Resuming from", StringComparison.Ordinal) || line.EndsWith("the run starts from the beginning.", StringComparison.Ordinal)));
            Assert.DoesNotContain("damaged", string.Join('\n', lines));
            inWriting += Unfinished().Length;
        }
        Assert.IsGreaterThan(0, inWriting, "no kill fell into the writing of a checkpoint");

        var last = RunToTheEnd(resumed, Checkpoints);
        Assert.IsLessThan(Steps, last.Count(line => line.StartsWith("step", StringComparison.Ordinal)), "it went on from where it was");
        foreach (var part in new[] { "Weights.safetensors", "Model.json" })
            CollectionAssert.AreEqual(SavedModel.Entry(File.ReadAllBytes(unbroken), part), SavedModel.Entry(File.ReadAllBytes(resumed), part), part);
        Assert.IsEmpty(Unfinished());
    }

    static IReadOnlyList<string> RunToTheEnd(params string[] arguments)
    {
        using var app = new App(arguments);
        Assert.AreEqual(0, app.End(), app.Errors);
        return app.Lines;
    }

    string[] Unfinished() => Directory.Exists(Checkpoints) ? Directory.GetFiles(Checkpoints, "*.tmp") : [];

    void WaitForUnfinished()
    {
        for (var time = Stopwatch.StartNew(); Unfinished().Length == 0 && time.Elapsed < TimeSpan.FromSeconds(1);)
            Thread.Yield();
    }

    sealed class App : IDisposable
    {
        readonly Process _process;
        readonly Task<string> _errors;
        readonly Task _reading;
        readonly BlockingCollection<string> _new = [];
        readonly List<string> _lines = [];

        public App(params string[] arguments)
        {
            _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(Built, "KilledApp.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            _errors = _process.StandardError.ReadToEndAsync();
            _reading = Task.Run(Read);
        }

        public IReadOnlyList<string> Lines => _lines;

        public string Errors => _process.HasExited ? _errors.Result : "it still runs";

        /// <summary>Waits until so many of these lines have come; false if the process ends before.</summary>
        public bool Wait(Func<string, bool> line, int count)
        {
            while (count > 0 && _new.TryTake(out var next, Timeout.Infinite))
                count -= line(next) ? 1 : 0;
            return count == 0;
        }

        public IReadOnlyList<string> Kill()
        {
            _process.Kill();
            End();
            return _lines;
        }

        public int End()
        {
            _process.WaitForExit();
            _reading.Wait();
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill();
            _process.Dispose();
            _new.Dispose();
        }

        void Read()
        {
            while (_process.StandardOutput.ReadLine() is { } line)
            {
                _lines.Add(line);
                _new.Add(line);
            }
            _new.CompleteAdding();
        }
    }
}
