using System.Runtime.InteropServices;
using Microsoft.ML.SharpnessAware;

namespace Allocator;

/// <summary>What is asked of glibc's allocator: some of the options that the library sets, all of them, or more.</summary>
sealed record Setting(string Name, params MallocOption[] Options)
{
    static readonly MallocOption _noMaps = new(-4, 0, "MALLOC_MMAP_MAX_", "mmap_max");
    static readonly MallocOption _oneArena = new(-8, 1, "MALLOC_ARENA_MAX", "arena_max");

    public static readonly Setting[] All =
    [
        new("as it is"),
        new("trim", MallocOption.TrimThreshold, MallocOption.MapThreshold),
        new("trim, no maps", MallocOption.TrimThreshold, MallocOption.MapThreshold, _noMaps),
        new("as the library sets it", [.. MallocOption.ToKeepMemory]),
        new("as the library sets it, one arena", [.. MallocOption.ToKeepMemory, _oneArena]),
    ];

    public void Apply()
    {
        foreach (var option in Options)
            if (SetOption(option.Parameter, option.Value) == 0)
                throw new InvalidOperationException($"glibc refuses mallopt({option.Parameter}, {option.Value}).");
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    static extern int SetOption(int parameter, int value);
}
