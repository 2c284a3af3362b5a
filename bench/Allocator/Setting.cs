using System.Runtime.InteropServices;

namespace Allocator;

/// <summary>What is asked of glibc's allocator, by the numbers of malloc.h.</summary>
sealed record Setting(string Name, params (int Parameter, int Value)[] Values)
{
    const int TrimThreshold = -1;
    const int TopPad = -2;
    const int MapThreshold = -3;
    const int MostMaps = -4;
    const int MostArenas = -8;
    const int Mebibyte = 1 << 20;

    static readonly (int, int)[] _keeps = [(TrimThreshold, int.MaxValue), (MapThreshold, 32 * Mebibyte)];

    public static readonly Setting[] All =
    [
        new("as it is"),
        new("trim", _keeps),
        new("trim, no maps", [.. _keeps, (MostMaps, 0)]),
        new("trim, no maps, pad", [.. _keeps, (MostMaps, 0), (TopPad, 64 * Mebibyte)]),
        new("trim, no maps, one arena", [.. _keeps, (MostMaps, 0), (MostArenas, 1)]),
    ];

    public void Apply()
    {
        foreach (var (parameter, value) in Values)
            if (SetOption(parameter, value) == 0)
                throw new InvalidOperationException($"glibc refuses mallopt({parameter}, {value}).");
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    static extern int SetOption(int parameter, int value);
}
