using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>A program that takes steps, as a process of its own.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="IsLibrary">Whether it is this library; else a plain TorchSharp loop.</param>
/// <param name="KeepsMemory">Whether glibc's allocator is set as the library sets it; else it is as it comes.</param>
sealed record Contestant(string Name, bool IsLibrary, bool KeepsMemory)
{
    public const string PyTorch = "PyTorch";

    public static Contestant Library { get; } = new("library", IsLibrary: true, KeepsMemory: true);

    public static Contestant LibraryAlone { get; } = new("library, allocator as it comes", IsLibrary: true, KeepsMemory: false);

    public static Contestant Loop { get; } = new("loop", IsLibrary: false, KeepsMemory: false);

    public static Contestant LoopThatKeepsMemory { get; } = new("loop, allocator set", IsLibrary: false, KeepsMemory: true);

    public static Contestant[] All { get; } = [Library, LibraryAlone, Loop, LoopThatKeepsMemory];

    /// <summary>Reads lines "METHOD STEPS" to the end of the input, and answers each with as many milliseconds. One network at a time, unless it keeps them.</summary>
    public void Serve(Workload workload, int threads, bool keepsNetworks)
    {
        if (KeepsMemory)
            GlibcAllocator.KeepFreedMemory();
        // Where oneDNN computes wrong numbers, or ends the process, it is off for all; the loop has the same libtorch.
        LibtorchDoor.Open();
        set_num_threads(threads);
        Console.WriteLine($"TorchSharp {typeof(torch).Assembly.GetName().Version!.ToString(3)}");
        var steppers = new Dictionary<string, IStepper>();
        while (Console.ReadLine() is { } line)
        {
            var (method, steps) = line.Split(' ') is [var name, var count] ? (name, int.Parse(count)) : throw new FormatException(line);
            if (!steppers.TryGetValue(method, out var stepper))
            {
                if (!keepsNetworks)
                    Clear();
                steppers[method] = stepper = IsLibrary ? new LibraryStepper(workload, Rules.Of(method)) : new PlainStepper(workload, method);
            }
            Console.WriteLine(string.Join(' ', Enumerable.Range(0, steps).Select(_ => Stopwatches.Milliseconds(stepper.Step))));
        }
        Clear();

        void Clear()
        {
            foreach (var stepper in steppers.Values)
                stepper.Dispose();
            steppers.Clear();
        }
    }
}
