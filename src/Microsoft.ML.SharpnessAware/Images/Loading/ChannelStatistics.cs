using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Mean and standard deviation of each channel over many images, summed up in double.</summary>
internal sealed class ChannelStatistics(ImageShape shape)
{
    readonly double[] _sum = new double[shape.Channels];
    readonly double[] _squares = new double[shape.Channels];
    long _count;

    /// <summary>Takes in an image.</summary>
    public void Add(ChannelSums image)
    {
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            _sum[channel] += image.Sum[channel];
            _squares[channel] += image.Squares[channel];
        }
        _count += shape.Height * shape.Width;
    }

    /// <summary>What brings these images to mean 0 and deviation 1; a channel that is the same everywhere is only shifted.</summary>
    public Normalization Normalization()
    {
        var mean = Array.ConvertAll(_sum, sum => sum / _count);
        var std = mean.Zip(_squares, (m, squares) => Deviation(m, squares / _count - m * m));
        return new Normalization(Array.ConvertAll(mean, m => (float)m), [.. std.Select(s => (float)s)]);
    }

    static double Deviation(double mean, double variance)
    {
        const double Rounding = 1e-6;
        var deviation = Math.Sqrt(Math.Max(0, variance));
        return deviation > Rounding * Math.Abs(mean) ? deviation : 1;
    }
}

/// <summary>The sums of an image's pixels, and of their squares, over each channel; of bytes as parts of 255. Sums of many images are added in the order of the rows, so that they are the same bits whoever has read these.</summary>
internal struct ChannelSums
{
    public PerChannel Sum;

    public PerChannel Squares;

    public static ChannelSums Of(ReadOnlySpan<byte> image, ImageShape shape, ScalarType element) => element == ScalarType.Byte
        ? Of(image, shape, one: byte.MaxValue)
        : Of(MemoryMarshal.Cast<byte, float>(image), shape, one: 1);

    static ChannelSums Of<T>(ReadOnlySpan<T> image, ImageShape shape, double one)
        where T : INumberBase<T>
    {
        var sums = default(ChannelSums);
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var (sum, squares) = (0.0, 0.0);
            foreach (var pixel in image.Slice(channel * plane, plane))
            {
                var value = double.CreateTruncating(pixel) / one;
                sum += value;
                squares += value * value;
            }
            sums.Sum[channel] = sum;
            sums.Squares[channel] = squares;
        }
        return sums;
    }

    /// <summary>A number for each channel, of which there are one or three.</summary>
    [InlineArray(3)]
    public struct PerChannel
    {
        double _first;
    }
}
