namespace Microsoft.ML.SharpnessAware;

/// <summary>Changes the number of pixels along one axis with a triangle filter: bilinear where pixels are added, a weighted mean of all pixels where they become fewer.</summary>
internal sealed class Resampling
{
    readonly int _taps;
    readonly int[] _first;
    readonly float[] _weights;

    public Resampling(int from, int to)
    {
        var scale = (double)from / to;
        var reach = Math.Max(1, scale);
        _taps = Math.Min(from, (int)Math.Ceiling(2 * reach));
        _first = new int[to];
        _weights = new float[to * _taps];
        for (var i = 0; i < to; i++)
        {
            var center = (i + 0.5) * scale;
            _first[i] = Math.Clamp((int)Math.Floor(center - reach + 0.5), 0, from - _taps);
            Weigh(i, center, reach);
        }
    }

    /// <summary>One line, resampled.</summary>
    public void OfLine(ReadOnlySpan<float> line, Span<float> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            var weights = Weights(i);
            var taps = line.Slice(_first[i], weights.Length);
            var sum = 0f;
            for (var k = 0; k < weights.Length; k++)
                sum += weights[k] * taps[k];
            result[i] = sum;
        }
    }

    /// <summary>Lines below each other, each column resampled and rounded.</summary>
    public void OfColumns(ReadOnlySpan<float> lines, Span<byte> result)
    {
        var width = result.Length / _first.Length;
        var sums = new float[width];
        for (var i = 0; i < _first.Length; i++)
        {
            Array.Fill(sums, 0.5f);
            for (var k = 0; k < _taps; k++)
                AddScaled(lines.Slice((_first[i] + k) * width, width), Weights(i)[k], sums);
            for (var x = 0; x < width; x++)
                result[i * width + x] = (byte)sums[x];
        }
    }

    static void AddScaled(ReadOnlySpan<float> line, float weight, Span<float> sums)
    {
        for (var x = 0; x < sums.Length; x++)
            sums[x] += weight * line[x];
    }

    Span<float> Weights(int i) => _weights.AsSpan(i * _taps, _taps);

    void Weigh(int i, double center, double reach)
    {
        var weights = Weights(i);
        var total = 0.0;
        for (var k = 0; k < _taps; k++)
            total += Triangle(_first[i] + k);
        for (var k = 0; k < _taps; k++)
            weights[k] = (float)(Triangle(_first[i] + k) / total);

        double Triangle(int pixel) => Math.Max(0, 1 - Math.Abs(pixel + 0.5 - center) / reach);
    }
}
