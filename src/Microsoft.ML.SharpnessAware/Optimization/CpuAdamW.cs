using System.Numerics;
using System.Runtime.InteropServices;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// AdamW on the CPU in one pass over the memory, as PyTorch's "fused" AdamW does it: piece by piece, each of which stays in the cache from the first operation to the
/// last. One operation after the other over all weights waits for the memory ten times, which in a transformer on short texts takes as long as the passes.
/// </summary>
internal static class CpuAdamW
{
    // Five vectors of so many numbers fit into the second cache.
    const int Piece = 4096;

    // What a thread takes at a time.
    const int Share = 16 * Piece;

    /// <summary>Whether it can be used for these weights.</summary>
    public static bool Handles(Tensor weights) =>
        weights.device_type == DeviceType.CPU && weights.dtype is ScalarType.Float32 or ScalarType.Float64 && weights.numel() <= int.MaxValue / sizeof(double);

    /// <summary>One step, as <see cref="optim.AdamW(IEnumerable{TorchSharp.Modules.Parameter}, double, double, double, double, double, bool, bool)"/> defines it.</summary>
    /// <param name="settings">Its settings, but for the learning rate.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">The number of this step, from 1.</param>
    /// <param name="weights">What is changed.</param>
    /// <param name="direction">The direction, which takes the place of the gradient.</param>
    /// <param name="mean">The running mean of directions, which goes on.</param>
    /// <param name="square">The running mean of their squares, which goes on.</param>
    public static void Step(AdamW settings, double learningRate, long step, Tensor weights, Tensor direction, Tensor mean, Tensor square)
    {
        if (weights.dtype == ScalarType.Float32)
            Step<float>(settings, learningRate, step, weights, direction, mean, square);
        else
            Step<double>(settings, learningRate, step, weights, direction, mean, square);
    }

    static void Step<T>(AdamW settings, double learningRate, long step, Tensor weights, Tensor direction, Tensor mean, Tensor square)
        where T : unmanaged, IRootFunctions<T>, IFloatingPointIeee754<T>
    {
        var size = weights.numel();
        var update = new Update<T>(settings, learningRate, step);
        var shares = (int)((size + Share - 1) / Share);
        FreeThreads.For(shares, get_num_threads(), share =>
        {
            Span<T> room = stackalloc T[Piece];
            var (w, g, m, v) = (new Numbers<T>(weights), new Numbers<T>(direction), new Numbers<T>(mean), new Numbers<T>(square));
            var end = (int)Math.Min(size, (share + 1L) * Share);
            for (var start = share * Share; start < end; start += Piece)
            {
                var count = Math.Min(Piece, end - start);
                update.Of(w.Part(start, count), g.Part(start, count), m.Part(start, count), v.Part(start, count), room[..count]);
            }
        });
    }

    /// <summary>The numbers of a step, in the precision of the weights.</summary>
    readonly struct Update<T>(AdamW settings, double learningRate, long step)
        where T : unmanaged, IRootFunctions<T>, IFloatingPointIeee754<T>
    {
        readonly T _decay = T.CreateTruncating(1 - learningRate * settings.WeightDecay);
        readonly T _beta1 = T.CreateTruncating(settings.Beta1);
        readonly T _beta2 = T.CreateTruncating(settings.Beta2);
        readonly T _share1 = T.CreateTruncating(1 - settings.Beta1);
        readonly T _share2 = T.CreateTruncating(1 - settings.Beta2);
        readonly T _epsilon = T.CreateTruncating(settings.Epsilon);
        readonly T _rootOfCorrection2 = T.CreateTruncating(Math.Sqrt(1 - Math.Pow(settings.Beta2, step)));
        readonly T _move = T.CreateTruncating(-learningRate / (1 - Math.Pow(settings.Beta1, step)));

        public void Of(Span<T> w, ReadOnlySpan<T> g, Span<T> m, Span<T> v, Span<T> room)
        {
            // m = β₁ m + (1 − β₁) g
            TensorPrimitives.Multiply(m, _beta1, m);
            TensorPrimitives.FusedMultiplyAdd(g, _share1, m, m);
            // v = β₂ v + (1 − β₂) g²
            TensorPrimitives.Multiply(v, _beta2, v);
            TensorPrimitives.Multiply(g, g, room);
            TensorPrimitives.FusedMultiplyAdd(room, _share2, v, v);
            // w = (1 − η λ) w − η / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
            TensorPrimitives.Sqrt(v, room);
            TensorPrimitives.Divide(room, _rootOfCorrection2, room);
            TensorPrimitives.Add(room, _epsilon, room);
            TensorPrimitives.Divide(m, room, room);
            TensorPrimitives.Multiply(w, _decay, w);
            TensorPrimitives.FusedMultiplyAdd(room, _move, w, w);
        }
    }

    /// <summary>The numbers of a contiguous tensor, where they lie.</summary>
    readonly struct Numbers<T>(Tensor tensor)
        where T : unmanaged
    {
        public Span<T> Part(int start, int count) => MemoryMarshal.Cast<byte, T>(tensor.bytes).Slice(start, count);
    }
}
