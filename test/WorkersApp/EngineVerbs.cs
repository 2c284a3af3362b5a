using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.SharpnessAware;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>What the engine does without a training.</summary>
static class EngineVerbs
{
    static readonly int[] Sizes = [0, 1, 3, 1000, 300_001];

    /// <summary>A line for each exchange: how far it is from what it should be, and a hash of its bits.</summary>
    public static int Sum(MpiWorkers workers, string[] _)
    {
        Say(workers, $"worker {workers.Rank} of {workers.Count}");
        foreach (var size in Sizes)
        {
            var floats = Enumerable.Range(0, size).Select(i => (float)Value(workers.Rank, i)).ToArray();
            workers.Sum(floats.AsSpan());
            Say(workers, $"float {size} {Error(workers, [.. floats.Select(value => (double)value)])} {Hash(floats)}");

            var doubles = Enumerable.Range(0, size).Select(i => Value(workers.Rank, i)).ToArray();
            workers.Sum(doubles.AsSpan());
            Say(workers, $"double {size} {Error(workers, doubles)} {Hash(doubles)}");

            for (var rank = 0; rank < workers.Count; rank++)
            {
                var bytes = Enumerable.Range(0, size).Select(i => (byte)(i + 7 * workers.Rank)).ToArray();
                workers.Broadcast(bytes, rank);
                Say(workers, $"broadcast {size} from {rank} {bytes.Index().Count(item => item.Item != (byte)(item.Index + 7 * rank))} {Hash(bytes)}");
            }
        }
        SumTensors(workers);
        Say(workers, CatchesNullReference() ? "exceptions are caught" : "exceptions are not caught");
        return 0;
    }

    /// <summary>A line for each size: how many bytes of what the others had for this one are not what they should be. Each worker has another number of bytes for each, and for some none.</summary>
    public static int Exchange(MpiWorkers workers, string[] _)
    {
        foreach (var size in Sizes)
        {
            var from = workers.Exchange([.. Enumerable.Range(0, workers.Count).Select(receiver => Parcel(workers.Rank, receiver, size))]);
            Say(workers, $"exchange {size} {string.Join(' ', from.Select((bytes, sender) => bytes.AsSpan().SequenceEqual(Parcel(sender, workers.Rank, size)) ? $"{bytes.Length}" : "wrong"))}");
        }
        return 0;
    }

    static byte[] Parcel(int sender, int receiver, int size) => [.. Enumerable.Range(0, (sender + 2 * receiver) % 3 * size).Select(i => (byte)(i + 50 * sender + 7 * receiver))];

    /// <summary>Exchanges numbers for some seconds; worker 0 says so.</summary>
    public static int SumForSeconds(MpiWorkers workers, string[] arguments)
    {
        var time = Stopwatch.StartNew();
        var values = new float[250_000];
        using var run = workers.BeginRun();
        for (double[] goesOn = [1]; goesOn[0] > 0;)
        {
            workers.Sum(values.AsSpan());
            goesOn[0] = workers.Rank == 0 && time.Elapsed.TotalSeconds < double.Parse(arguments[0], CultureInfo.InvariantCulture) ? 1 : 0;
            workers.Sum(goesOn.AsSpan());
            if (workers.Rank == 0)
                Say(workers, "summed");
        }
        return 0;
    }

    /// <summary>One process: what there is without a launcher, and which MPI it has loaded.</summary>
    public static int Alone(MpiWorkers workers, string[] _)
    {
        float[] values = [1, 2];
        using (workers.BeginRun())
        {
            workers.Sum(values.AsSpan());
            workers.Broadcast(MemoryMarshal.AsBytes(values.AsSpan()), 0);
        }
        Console.WriteLine($"worker {workers.Rank} of {workers.Count}: {string.Join(' ', values)}");
        Console.WriteLine($"{File.ReadLines("/proc/self/maps").Count(line => line.Contains("libmpi", StringComparison.Ordinal) || line.Contains("mpich", StringComparison.Ordinal))} parts of MPI are loaded");
        return 0;
    }

    public static int Throw(MpiWorkers workers, string[] arguments) => Meet(workers, arguments, () => throw new InvalidOperationException("the disk is full"));

    public static int Abort(MpiWorkers workers, string[] arguments) => Meet(workers, arguments, () => workers.Abort("the disk\nis full"));

    public static int Exit(MpiWorkers workers, string[] arguments) => Meet(workers, arguments, () => Environment.Exit(0));

    public static int Kill(MpiWorkers workers, string[] arguments) => Meet(workers, arguments, Process.GetCurrentProcess().Kill);

    public static int Hang(MpiWorkers workers, string[] arguments) => Meet(workers, arguments, () => Thread.Sleep(Timeout.Infinite));

    /// <summary>One worker has something to do after the others, for some seconds.</summary>
    public static int Linger(MpiWorkers workers, string[] arguments)
    {
        Meet(workers, ["-1"], () => { });
        if (workers.Rank == 0)
            Thread.Sleep(TimeSpan.FromSeconds(double.Parse(arguments[0], CultureInfo.InvariantCulture)));
        return 0;
    }

    /// <summary>One worker ends before the training, as programs do: with an exit code.</summary>
    public static int Fail(MpiWorkers workers, string[] arguments)
    {
        if (workers.Rank == int.Parse(arguments[0], CultureInfo.InvariantCulture))
            return 3;
        return Meet(workers, ["-1"], () => { });
    }

    /// <summary>All meet, then one of them comes to grief, and the others wait for it.</summary>
    static int Meet(MpiWorkers workers, string[] arguments, Action grief)
    {
        using var run = workers.BeginRun();
        double[] numbers = [1];
        workers.Sum(numbers.AsSpan());
        if (workers.Rank == int.Parse(arguments[0], CultureInfo.InvariantCulture))
            grief();
        workers.Sum(numbers.AsSpan());
        Say(workers, "came to its end");
        return 0;
    }

    static void SumTensors(MpiWorkers workers)
    {
        foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64 })
            foreach (var transposed in new[] { false, true })
            {
                using var values = tensor(Enumerable.Range(0, 6000).Select(i => Value(workers.Rank, i)).ToArray()).to_type(type).reshape(60, 100);
                using var view = transposed ? values.t() : values.alias();
                workers.Sum(view);
                using var result = values.to_type(ScalarType.Float64);
                Say(workers, $"tensor {type} {transposed} {Error(workers, [.. result.data<double>()])} {Hash(result.data<double>().ToArray())}");
            }
    }

    static double Value(int rank, int i) => Math.Sin(i * (rank + 1) + rank);

    static string Error(MpiWorkers workers, double[] sums)
    {
        var error = sums.Index().Select(sum => Math.Abs(sum.Item - Enumerable.Range(0, workers.Count).Sum(rank => Value(rank, sum.Index)))).DefaultIfEmpty().Max();
        return error < 1e-14 * workers.Count ? "exact" : error < 1e-6 * workers.Count ? "rounded" : $"wrong by {error}";
    }

    static string Hash<T>(T[] values) where T : unmanaged => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan())))[..16];

    // MPI may take the signal from which .NET makes an exception.
    static bool CatchesNullReference()
    {
        try
        {
            return Nothing!.Length < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    static string? Nothing => Environment.GetEnvironmentVariable("THERE_IS_NO_SUCH_VARIABLE");

    // In one piece, as lines of several processes come to one place.
    static void Say(MpiWorkers workers, string line)
    {
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes($"[{workers.Rank}] {line}\n"));
    }
}
