using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Mean and standard deviation of each channel over many images, summed up in double.</summary>
internal sealed class ChannelStatistics(ImageShape shape, ScalarType element)
{
    readonly double[] _sum = new double[shape.Channels];
    readonly double[] _squares = new double[shape.Channels];
    long _count;

    public void Add(ReadOnlySpan<byte> image)
    {
        if (element == ScalarType.Byte)
            Add(image, one: byte.MaxValue);
        else
            Add(MemoryMarshal.Cast<byte, float>(image), one: 1);
    }

    /// <summary>What brings these images to mean 0 and deviation 1; a channel that is the same everywhere is only shifted.</summary>
    public Normalization Normalization()
    {
        var mean = Array.ConvertAll(_sum, sum => sum / _count);
        var std = mean.Zip(_squares, (m, squares) => Deviation(m, squares / _count - m * m));
        return new Normalization(Array.ConvertAll(mean, m => (float)m), [.. std.Select(s => (float)s)]);
    }

    void Add<T>(ReadOnlySpan<T> image, double one)
        where T : INumberBase<T>
    {
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
            foreach (var pixel in image.Slice(channel * plane, plane))
            {
                var value = double.CreateTruncating(pixel) / one;
                _sum[channel] += value;
                _squares[channel] += value * value;
            }
        _count += plane;
    }

    static double Deviation(double mean, double variance)
    {
        const double Rounding = 1e-6;
        var deviation = Math.Sqrt(Math.Max(0, variance));
        return deviation > Rounding * Math.Abs(mean) ? deviation : 1;
    }
}
