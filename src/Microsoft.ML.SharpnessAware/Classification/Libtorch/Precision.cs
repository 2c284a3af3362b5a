using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What the passes of a network compute in while it trains.</summary>
public enum Precision
{
    /// <summary>Numbers of 32 bits, 24 of which are digits.</summary>
    Float32,

    /// <summary>
    /// Numbers of 16 bits, 8 of which are digits: faster on GPUs from NVIDIA's Ampere on, and on CPUs with the instructions AVX512_BF16 or AMX. The weights stay float32: each
    /// pass takes a rounded copy of them, and perturbation and update are computed in float32. Norm layers with running statistics stay float32, too.
    /// </summary>
    BFloat16,
}

/// <summary>Where computing in bfloat16 pays.</summary>
internal static class Bfloat16Support
{
    const int Features = 7;
    const int Avx512Bf16 = 1 << 5;
    const int AmxBf16 = 1 << 22;

    /// <exception cref="InvalidOperationException">The device would be slower in that precision than in float32; the message says why.</exception>
    public static void Require(Precision precision, Device device)
    {
        if (precision == Precision.BFloat16 && device.type == DeviceType.CPU && WhyNot(HasInstructions(), OneDnn.SwitchOffWithoutCacheSizes()) is { } reason)
            throw new InvalidOperationException($"Precision is BFloat16, but {reason}, so that it would be slower than Float32. Leave Precision at Float32, or compute on a GPU (the MLContext's GpuDeviceId).");
    }

    internal static string? WhyNot(bool hasInstructions, bool isOneDnnOff) =>
        !hasInstructions ? "this CPU has no instructions for it (AVX512_BF16 or AMX)"
        : isOneDnnOff ? "libtorch does without oneDNN on this machine, whose processor does not tell the sizes of its caches, and computes bfloat16 with oneDNN alone"
        : null;

    static bool HasInstructions() => X86Base.IsSupported && X86Base.CpuId(0, 0).Eax >= Features
        && ((X86Base.CpuId(Features, 1).Eax & Avx512Bf16) != 0 || (X86Base.CpuId(Features, 0).Edx & AmxBf16) != 0);
}
