using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The C library's allocator, on Linux with glibc, which libtorch takes the memory of its tensors from.</summary>
/// <remarks>
/// glibc gives large freed blocks back to the kernel at once. A training step frees all its activations and takes as many again in the next step, so that
/// the kernel clears the same pages for every step. Kept in the process, they cost nothing: see bench/README.md. The settings are the process's own, so
/// that an application may forbid them by <see cref="Switch"/>, and what it has set itself in the environment is left as it is.
/// </remarks>
internal static class GlibcAllocator
{
    /// <summary>The AppContext switch of an application that does not want its allocator touched.</summary>
    public const string Switch = "Microsoft.ML.SharpnessAware.LeaveAllocatorAlone";

    static readonly Lock _lock = new();
    static bool _done;

    delegate int SetOption(int parameter, int value);

    /// <summary>Whether the process's C library is glibc.</summary>
    public static bool IsThere => Find() is not null;

    /// <summary>Has freed memory kept for the next step; once per process.</summary>
    public static void KeepFreedMemory()
    {
        lock (_lock)
        {
            if (_done)
                return;
            _done = true;
            var setOption = Find();
            var leaveAlone = AppContext.TryGetSwitch(Switch, out var isOn) && isOn;
            foreach (var option in Wanted(setOption is not null, leaveAlone, Environment.GetEnvironmentVariable))
                setOption!(option.Parameter, option.Value);
        }
    }

    /// <summary>The options to set: none without glibc or where the application wants none, and none that the environment sets.</summary>
    public static IReadOnlyList<MallocOption> Wanted(bool isGlibc, bool leaveAlone, Func<string, string?> environment) =>
        isGlibc && !leaveAlone ? [.. MallocOption.ToKeepMemory.Where(option => !option.IsSetIn(environment))] : [];

    // Another C library, such as musl in Alpine, has no such version.
    static SetOption? Find() =>
        OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out var libc) && NativeLibrary.TryGetExport(libc, "gnu_get_libc_version", out _) && NativeLibrary.TryGetExport(libc, "mallopt", out var mallopt)
            ? Marshal.GetDelegateForFunctionPointer<SetOption>(mallopt)
            : null;
}

/// <summary>An option of glibc's mallopt, with the names by which a user may have set it. See mallopt(3).</summary>
internal sealed record MallocOption(int Parameter, int Value, string Variable, string Tunable)
{
    const int Mebibyte = 1 << 20;

    /// <summary>Never give the end of the heap back.</summary>
    public static readonly MallocOption TrimThreshold = new(-1, int.MaxValue, "MALLOC_TRIM_THRESHOLD_", "trim_threshold");

    /// <summary>Nor an empty heap of a thread other than the first, whose heaps have 64 MiB each.</summary>
    public static readonly MallocOption TopPad = new(-2, 64 * Mebibyte, "MALLOC_TOP_PAD_", "top_pad");

    /// <summary>Take blocks from the heap up to the largest size that glibc allows here, instead of mapping each by itself.</summary>
    public static readonly MallocOption MapThreshold = new(-3, 32 * Mebibyte, "MALLOC_MMAP_THRESHOLD_", "mmap_threshold");

    /// <summary>What the library sets. Larger blocks are still mapped each by itself.</summary>
    /// <remarks>
    /// M_MMAP_MAX of 0 would take those from the heap as well, such as vectors of all weights, and is not set: glibc asks for some more bytes than an aligned block keeps, so that
    /// a block that was freed is too small for the next of the same size as soon as anything lies beside it, and the heap grows from step to step.
    /// </remarks>
    public static IReadOnlyList<MallocOption> ToKeepMemory { get; } = [TrimThreshold, TopPad, MapThreshold];

    public bool IsSetIn(Func<string, string?> environment) =>
        environment(Variable) is not null || (environment("GLIBC_TUNABLES") ?? "").Split(':').Any(tunable => tunable.StartsWith($"glibc.malloc.{Tunable}=", StringComparison.Ordinal));
}
