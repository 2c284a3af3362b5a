using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All usable images of a data view, decoded and cached, with their labels. Of several workers, each has decoded its own, and <see cref="SharedBy"/> tells it of the others.</summary>
internal sealed record LoadedImages : IDisposable
{
    /// <summary>The column that they are of.</summary>
    public required string Column { get; init; }

    /// <summary>The shape of every image.</summary>
    public required ImageShape Shape { get; init; }

    /// <summary>What a pixel is stored as: uint8 or float32.</summary>
    public required ScalarType Element { get; init; }

    /// <summary>The images, by slot.</summary>
    public required SharedPixels Pixels { get; init; }

    /// <summary>Class numbers from 0, by slot.</summary>
    public required long[] Labels { get; init; }

    /// <summary>How much each counts, by slot.</summary>
    public required float[] ExampleWeights { get; init; }

    /// <summary>The slots whose images cannot be used, in their order.</summary>
    public required SortedDictionary<int, SkippedRow> Unusable { get; init; }

    public IReadOnlyList<SkippedRow> Skipped => [.. Unusable.Values];

    /// <summary>How many rows were left out because their label is missing.</summary>
    public required int MissingLabels { get; init; }

    /// <summary>What is known of all images, by slot; null where one process has all of them, and can see for itself.</summary>
    ImageFacts[]? Facts { get; init; }

    /// <summary>The slots that hold an image, in the order of the rows.</summary>
    public int[] Slots => [.. Enumerable.Range(0, Labels.Length).Where(slot => !Unusable.ContainsKey(slot))];

    /// <summary>The same with what the other workers know of theirs. All call it.</summary>
    /// <exception cref="InvalidOperationException">No image of any can be used.</exception>
    public LoadedImages SharedBy(Team team)
    {
        var all = team.IsAlone ? this : this with { Unusable = UnusableOf(team), Facts = FactsOf(team) };
        return all.Unusable.Count < Labels.Length ? all : throw NothingToLearnFrom(Column, MissingLabels, all.Unusable.Values);
    }

    /// <summary>That no image of any worker can be used, and where the rows went.</summary>
    public static InvalidOperationException NothingToLearnFrom(string column, int missingLabels, IReadOnlyCollection<SkippedRow> unusable)
    {
        var rows = missingLabels + unusable.Count;
        var example = string.Concat(unusable.Take(1).Select(bad => $" ({bad})"));
        var where = rows == 0 ? "the data have no rows" : $"of {rows} rows, {missingLabels} lack a label and {unusable.Count} a usable image{example}";
        return CommonFault.Of(new InvalidOperationException($"Column '{column}' gives no image to learn from: {where}."));
    }

    /// <summary>A digest of the pixels of an image, whoever has it.</summary>
    public ImageDigest DigestAt(int slot) => Facts?[slot].Digest ?? Own(slot, ImageDigest.Of);

    /// <summary>The sums of the pixels of an image, whoever has it.</summary>
    public ChannelSums SumsAt(int slot) => Facts?[slot].Sums ?? Own(slot, SumsOf);

    public void Dispose() => Pixels.Dispose();

    SortedDictionary<int, SkippedRow> UnusableOf(Team team)
    {
        var texts = Enumerable.Range(0, team.Count).Select(rank => team.TextOf(rank, RecordJson.Write(Unusable))).ToArray();
        return new(texts.SelectMany(text => RecordJson.Read<Dictionary<int, SkippedRow>>(text)).ToDictionary());
    }

    ImageFacts[] FactsOf(Team team)
    {
        var all = new ImageFacts[Labels.Length];
        ImageFacts[] own = [.. Enumerable.Range(0, Labels.Length).Where(team.Owns).Select(slot => Unusable.ContainsKey(slot) ? default : Own(slot, FactsOf))];
        foreach (var (rank, given) in team.BytesOfAll(MemoryMarshal.AsBytes<ImageFacts>(own).ToArray()).Index())
            Spread(MemoryMarshal.Cast<byte, ImageFacts>(given), rank);
        return all;

        // Where a worker has read other data, which is found out later, it has another number of them.
        void Spread(ReadOnlySpan<ImageFacts> given, int rank)
        {
            for (var (i, slot) = (0, rank); i < given.Length && slot < all.Length; i++, slot += team.Count)
                all[slot] = given[i];
        }
    }

    ImageFacts FactsOf(ArraySegment<byte> image) => new(ImageDigest.Of(image), SumsOf(image));

    ChannelSums SumsOf(ArraySegment<byte> image) => ChannelSums.Of(image, Shape, Element);

    // What is to be seen of an image that this worker has.
    T Own<T>(int slot, Func<ArraySegment<byte>, T> see)
    {
        var image = new ArraySegment<byte>(ArrayPool<byte>.Shared.Rent(Pixels.Cache.RowSize), 0, Pixels.Cache.RowSize);
        Pixels.Read(slot, image);
        var seen = see(image);
        ArrayPool<byte>.Shared.Return(image.Array!);
        return seen;
    }
}

/// <summary>What is to be known of an image that another worker has.</summary>
internal readonly record struct ImageFacts(ImageDigest Digest, ChannelSums Sums);

/// <summary>The SHA-256 of an image's pixels.</summary>
[InlineArray(SHA256.HashSizeInBytes)]
internal struct ImageDigest
{
    byte _first;

    public static ImageDigest Of(ArraySegment<byte> image)
    {
        var digest = default(ImageDigest);
        SHA256.HashData(image, digest);
        return digest;
    }
}
