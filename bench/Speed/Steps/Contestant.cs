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

    public static Contestant WithoutOneDnn { get; } = new("library, oneDNN off", IsLibrary: true, KeepsMemory: true) { UsesOneDnn = false };

    public static Contestant InTf32 { get; } = new("library, TF32", IsLibrary: true, KeepsMemory: true) { UsesTf32 = true };

    public static Contestant InBfloat16 { get; } = new("library, BFloat16", IsLibrary: true, KeepsMemory: true) { Precision = Precision.BFloat16 };

    public static Contestant PassesAlone { get; } = new("passes alone", IsLibrary: true, KeepsMemory: true) { StepsBesidePasses = false };

    /// <summary>The library and its peers.</summary>
    public static Contestant[] Peers { get; } = [Library, LibraryAlone, Loop, LoopThatKeepsMemory, PassesAlone];

    /// <summary>The library with other settings of the process than its own.</summary>
    public static Contestant[] Switched { get; } =
    [
        InBfloat16,
        WithoutOneDnn,
        Waiting("OMP_WAIT_POLICY=active", ("OMP_WAIT_POLICY", "active")),
        Waiting("no OMP variable"),
        Waiting("GOMP_SPINCOUNT=1000", ("OMP_WAIT_POLICY", "passive"), ("GOMP_SPINCOUNT", "1000")),
        Waiting("GOMP_SPINCOUNT=20000", ("OMP_WAIT_POLICY", "passive"), ("GOMP_SPINCOUNT", "20000")),
        Waiting("OMP_WAIT_POLICY=passive", ("OMP_WAIT_POLICY", "passive")),
    ];

    /// <summary>The library with what a GPU can do besides float32.</summary>
    public static Contestant[] OnGpu { get; } = [InTf32, InBfloat16];

    public static Contestant[] All { get; } = [.. Peers, .. Switched, InTf32];

    /// <summary>Whether oneDNN computes the convolutions, where it computes them right.</summary>
    public bool UsesOneDnn { get; private init; } = true;

    /// <summary>Whether it does more than the passes of a step.</summary>
    public bool StepsBesidePasses { get; private init; } = true;

    /// <summary>What passes compute in.</summary>
    public Precision Precision { get; private init; }

    /// <summary>Whether a GPU multiplies float32 numbers rounded to 10 binary digits.</summary>
    public bool UsesTf32 { get; private init; }

    /// <summary>What says how threads wait for each other, in the environment of the process; null for what this process has.</summary>
    public IReadOnlyDictionary<string, string>? Waits { get; private init; }

    /// <summary>Reads lines "METHOD STEPS" to the end of the input, and answers each with as many milliseconds. One network at a time, unless it keeps them.</summary>
    public void Serve(Workload workload, int threads, string device, bool keepsNetworks)
    {
        if (KeepsMemory)
            GlibcAllocator.KeepFreedMemory();
        // Where oneDNN computes wrong numbers, or ends the process, it is off for all; the loop has the same libtorch.
        LibtorchDoor.Open();
        if (!UsesOneDnn && !OneDnn.SwitchOff())
            throw new InvalidOperationException("oneDNN cannot be switched off here.");
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (UsesTf32, UsesTf32);
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
                steppers[method] = stepper = StepperOf(workload, method, device);
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

    IStepper StepperOf(Workload workload, string method, string device) => (IsLibrary, StepsBesidePasses) switch
    {
        (true, true) => new LibraryStepper(workload, Rules.Of(method), Precision, device),
        (true, false) => new PassesStepper(workload, passes: method == "plain" ? 1 : 2, device),
        _ => new PlainStepper(workload, method, device),
    };

    static Contestant Waiting(string name, params (string Variable, string Value)[] variables) =>
        new($"library, {name}", IsLibrary: true, KeepsMemory: true) { Waits = variables.ToDictionary(one => one.Variable, one => one.Value) };
}
