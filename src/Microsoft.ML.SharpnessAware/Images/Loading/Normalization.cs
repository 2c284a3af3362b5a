using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What is subtracted from each channel of an image, and what the result is divided by. Bytes are scaled to 0 to 1 first, numbers are not.</summary>
/// <param name="Mean">What is subtracted from each channel: one number, for grey images, or three.</param>
/// <param name="Std">What each channel is then divided by; as many numbers, each more than 0.</param>
public sealed record Normalization(IReadOnlyList<float> Mean, IReadOnlyList<float> Std)
{
    /// <summary>What is subtracted from each channel.</summary>
    public IReadOnlyList<float> Mean { get; init => field = Finite(value); } = Finite(Mean);

    /// <summary>What each channel is then divided by.</summary>
    public IReadOnlyList<float> Std { get; init => field = Positive(value); } = AsMany(Mean, Positive(Std));

    /// <summary>The values of ImageNet, as in torchvision, for three channels: mean 0.485, 0.456, 0.406 and standard deviation 0.229, 0.224, 0.225.</summary>
    public static Normalization ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Maps 0 … 1 to -1 … 1, for three channels.</summary>
    public static Normalization MinusOneToOne { get; } = new([0.5f, 0.5f, 0.5f], [0.5f, 0.5f, 0.5f]);

    internal int Channels => Mean.Count;

    /// <summary>Changes nothing but bytes into 0 to 1.</summary>
    internal static Normalization None(int channels) => new(new float[channels], [.. Enumerable.Repeat(1f, channels)]);

    /// <summary>Raw pixels [N, C, H, W], uint8 or float32, as normalised float32; a new tensor.</summary>
    internal Tensor Apply(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var one = pixels.dtype == ScalarType.Byte ? 255f : 1f;
        return pixels.sub(PerChannel(Mean, one, pixels.device)).div_(PerChannel(Std, one, pixels.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The same as operators, on pixels of that type.</summary>
    internal string AddTo(OnnxGraph graph, string pixels, ScalarType element)
    {
        using var scope = NewDisposeScope();
        var one = element == ScalarType.Byte ? 255f : 1f;
        var shifted = graph.Sub(graph.Cast(pixels, TensorProto.Types.DataType.Float), graph.Weights("mean", PerChannel(Mean, one, CPU)));
        return graph.Div(shifted, graph.Weights("std", PerChannel(Std, one, CPU)));
    }

    /// <summary>Whether all numbers are the same.</summary>
    public bool Equals(Normalization? other) => other is not null && Mean.SequenceEqual(other.Mean) && Std.SequenceEqual(other.Std);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Count, Mean[0], Std[0]);

    /// <summary>All numbers, in the invariant culture.</summary>
    public override string ToString() => $"Normalization {{ Mean = {Text(Mean)}, Std = {Text(Std)} }}";

    static string Text(IReadOnlyList<float> values) => $"[{string.Join(", ", values.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]";

    static Tensor PerChannel(IReadOnlyList<float> values, float one, Device device) =>
        tensor(values.Select(value => value * one).ToArray(), [1, values.Count, 1, 1], device: device);

    static float[] Finite(IReadOnlyList<float> values, [CallerMemberName] string member = "") =>
        Checked(values, float.IsFinite, "finite", member);

    static float[] Positive(IReadOnlyList<float> values, [CallerMemberName] string member = "") =>
        Checked(values, value => value > 0 && float.IsFinite(value), "finite and more than 0", member);

    static float[] AsMany(IReadOnlyList<float> mean, float[] std)
    {
        Require.That(std.Length == mean.Count, std.Length, $"as many numbers as {nameof(Mean)} has, {mean.Count}", nameof(Std));
        return std;
    }

    static float[] Checked(IReadOnlyList<float> values, Func<float, bool> holds, string what, string member)
    {
        foreach (var value in Require.NotNull(values, member))
            Require.That(holds(value), value, what, member);
        return [.. values];
    }
}

/// <summary>The shape [C, H, W] in which a network sees images.</summary>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; init => field = GreyOrColor(value); } = GreyOrColor(Channels);

    /// <summary>Height in pixels.</summary>
    public int Height { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Height);

    /// <summary>Width in pixels.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    internal int Count => checked(Channels * Height * Width);

    /// <summary>Bytes of one image of such pixels, uint8 or float32.</summary>
    internal int BytesAs(ScalarType element) => checked(Count * (element == ScalarType.Byte ? 1 : sizeof(float)));

    internal long[] OfBatch(int images) => [images, Channels, Height, Width];

    static int GreyOrColor(int value) => Require.That(value is 1 or 3, value, "1 (grey) or 3 (red, green, blue)", nameof(Channels));
}
