using System.Numerics;

namespace Microsoft.ML.Internal.Utilities;

internal static partial class Hashing
{
    public static uint CombineHash(uint first, uint second) => BitOperations.RotateLeft(first, 7) ^ second;

    public static int CombineHash(int first, int second) => (int)CombineHash((uint)first, (uint)second);

    /// <summary>One round of 32-bit MurmurHash3.</summary>
    public static uint MurmurRound(uint hash, uint chunk)
    {
        chunk = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ chunk, 13) * 5) + 0xE6546B64;
    }

    /// <summary>The finalizer of 32-bit MurmurHash3.</summary>
    public static uint MixHash(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return hash ^ (hash >> 16);
    }
}
