using System.Numerics;
using System.Runtime.InteropServices;
using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>What near-duplicates of a row are recognised by. All of one data set are of one kind.</summary>
internal abstract class Fingerprint
{
    public static Fingerprint Of(RowContent content)
    {
        using var picture = content.Picture;
        return picture is not null ? GreyFingerprint.Of(picture)
            : content.Text is not null ? new TextFingerprint(content.SecondText is null ? content.Text : $"{content.Text}\n{content.SecondText}")
            : new NoFingerprint();
    }

    /// <summary>How alike two rows are, from 0 to 1, or 0 where they are not nearly the same.</summary>
    public abstract double LikenessTo(Fingerprint other);
}

/// <summary>Of a row that has nothing to be compared.</summary>
internal sealed class NoFingerprint : Fingerprint
{
    public override double LikenessTo(Fingerprint other) => 0;
}

/// <summary>A picture as 16 × 16 levels of grey. Two are nearly the same if no two levels differ by much, and the levels of both go up and down together.</summary>
internal sealed class GreyFingerprint : Fingerprint
{
    public const int Side = 16;

    /// <summary>The largest root of the mean squared difference, of levels from 0 to 255.</summary>
    public const double LargestDifference = 6;

    /// <summary>The least correlation of the levels.</summary>
    public const double LeastCorrelation = 0.98;

    // Pictures of one color have no correlation: they have to be the same color.
    const double FlatDeviation = 2;
    const double LargestDifferenceOfFlat = 1;

    readonly float[] _centered;
    readonly double _mean;
    readonly double _norm;

    public GreyFingerprint(float[] levels)
    {
        _mean = levels.Average(level => (double)level);
        _centered = Array.ConvertAll(levels, level => (float)(level - _mean));
        _norm = Math.Sqrt(Dot(_centered, _centered));
    }

    public static GreyFingerprint Of(SKBitmap picture)
    {
        using var small = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
        using (var canvas = new SKCanvas(small))
        using (var paint = new SKPaint { FilterQuality = SKFilterQuality.Medium })
        {
            canvas.Clear(SKColors.White);
            canvas.DrawBitmap(picture, new SKRect(0, 0, Side, Side), paint);
        }
        return new GreyFingerprint(Array.ConvertAll(small.Pixels, pixel => 0.299f * pixel.Red + 0.587f * pixel.Green + 0.114f * pixel.Blue));
    }

    public override double LikenessTo(Fingerprint other)
    {
        if (other is not GreyFingerprint grey)
            return 0;
        var count = _centered.Length;
        var dot = Dot(_centered, grey._centered);
        var difference = Math.Sqrt(Math.Max(0, (_norm * _norm + grey._norm * grey._norm - 2 * dot) / count + (_mean - grey._mean) * (_mean - grey._mean)));
        if (difference > LargestDifference)
            return 0;
        var areFlat = Math.Max(_norm, grey._norm) < FlatDeviation * Math.Sqrt(count);
        var areAlike = areFlat ? difference <= LargestDifferenceOfFlat : dot >= LeastCorrelation * _norm * grey._norm;
        return areAlike ? 1 - difference / 255 : 0;
    }

    static double Dot(float[] a, float[] b)
    {
        var sum = Vector<float>.Zero;
        var left = MemoryMarshal.Cast<float, Vector<float>>(a);
        var right = MemoryMarshal.Cast<float, Vector<float>>(b);
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        double rest = 0;
        for (var i = left.Length * Vector<float>.Count; i < a.Length; i++)
            rest += a[i] * b[i];
        return Vector.Sum(sum) + rest;
    }
}

/// <summary>A text as the set of its pieces of four characters. Two are nearly the same if most pieces are common to both: Broder 1997, doi:10.1109/SEQUEN.1997.666900, on characters in place of words.</summary>
/// <remarks>Capital letters are the same as small ones, and whatever stands between words is one space.</remarks>
internal sealed class TextFingerprint : Fingerprint
{
    const int PieceLength = 4;
    const int LongestText = 2000;

    /// <summary>The least share of common pieces among all pieces of both.</summary>
    public const double LeastResemblance = 0.8;

    // Four UTF-16 units in each number, in ascending order.
    readonly ulong[] _pieces;

    public TextFingerprint(string text)
    {
        var plain = string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (plain.Length > LongestText)
            plain = plain[..LongestText];
        var starts = plain.Length == 0 ? 0 : Math.Max(1, plain.Length - PieceLength + 1);
        _pieces = [.. Enumerable.Range(0, starts).Select(start => Packed(plain.AsSpan(start))).Distinct().Order()];
    }

    /// <summary>The share of common pieces, also where it is less than <see cref="LeastResemblance"/>.</summary>
    public double Resemblance(TextFingerprint other)
    {
        var common = 0;
        for (int i = 0, j = 0; i < _pieces.Length && j < other._pieces.Length;)
        {
            var (mine, theirs) = (_pieces[i], other._pieces[j]);
            common += mine == theirs ? 1 : 0;
            i += mine <= theirs ? 1 : 0;
            j += theirs <= mine ? 1 : 0;
        }
        return common == 0 ? 0 : (double)common / (_pieces.Length + other._pieces.Length - common);
    }

    public override double LikenessTo(Fingerprint other)
    {
        // With numbers of pieces this different, they cannot have so much in common.
        if (other is not TextFingerprint text || Math.Min(_pieces.Length, text._pieces.Length) < LeastResemblance * Math.Max(_pieces.Length, text._pieces.Length))
            return 0;
        return Resemblance(text) is >= LeastResemblance and var resemblance ? resemblance : 0;
    }

    static ulong Packed(ReadOnlySpan<char> text)
    {
        ulong packed = 0;
        foreach (var unit in text[..Math.Min(PieceLength, text.Length)])
            packed = packed << 16 | unit;
        return packed;
    }
}
