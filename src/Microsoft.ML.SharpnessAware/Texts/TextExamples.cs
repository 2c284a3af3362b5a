using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Texts as token ids, in batches of like length.</summary>
internal sealed class TextExamples : IExamples
{
    // So many batches of rows, drawn at random, are put in the order of their lengths before they are divided.
    const int BatchesSortedTogether = 20;

    readonly LabelledTexts _texts;
    readonly TokenRow[] _rows;
    readonly int _padId;

    TextExamples(LabelledTexts texts, TokenRow[] rows, int padId) => (_texts, _rows, _padId) = (texts, rows, padId);

    public int Count => _rows.Length;

    /// <summary>Tokenizes all texts, side by side; what is longer than <paramref name="maxLength"/> tokens is cut off.</summary>
    public static TextExamples Of(LabelledTexts texts, ITokenEncoder encoder, int maxLength, Action checkAlive)
    {
        var rows = new TokenRow[texts.Count];
        FreeThreads.For(rows.Length, i =>
        {
            checkAlive();
            rows[i] = encoder.Encode(texts.Texts[i].First, texts.Texts[i].Second, maxLength);
        });
        return new TextExamples(texts, rows, encoder.PadId);
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed)
    {
        var order = RowOrder.Of(Count, shuffleSeed);
        if (shuffleSeed is null)
            return ByLength(order).InBatches(batchSize);
        var batches = order.Chunk(BatchesSortedTogether * batchSize).SelectMany(ByLength).ToArray().InBatches(batchSize).ToArray();
        return RowOrder.Of(batches.Length, shuffleSeed).Select(batch => batches[batch]);
    }

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        using var scope = NewDisposeScope();
        var wanted = rows.At(places);
        var inputs = PaddedTokens.Of(Array.ConvertAll(wanted, row => _rows[row]), _padId, length: rows.Max(row => _rows[row].Ids.Length));
        var labels = tensor(Array.ConvertAll(wanted, row => _texts.Labels[row]));
        return new Batch(inputs.DetachFromDisposeScope(), labels.DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash) => _texts.AddTo(hash);

    public void Dispose() => _texts.Dispose();

    int[] ByLength(int[] rows) => [.. rows.OrderBy(row => _rows[row].Ids.Length)];
}

/// <summary>Rows of tokens divided into those that are padded to one length, so that all together take the least time.</summary>
internal static class LengthGroups
{
    // What a pass through the network costs by itself, as a number of tokens.
    const int TokensOfAPass = 512;

    /// <summary>The indices of the lengths in groups. No other way to divide them has fewer tokens, padding and passes counted.</summary>
    public static IEnumerable<int[]> Of(int[] lengths)
    {
        var shortestFirst = Enumerable.Range(0, lengths.Length).OrderBy(row => lengths[row]).ToArray();
        for (var (end, starts) = (lengths.Length, Starts(Array.ConvertAll(shortestFirst, row => lengths[row]))); end > 0; end = starts[end])
            yield return shortestFirst[starts[end]..end];
    }

    // For each count of rows, the shortest ones: where the last group of them starts.
    static int[] Starts(int[] lengths)
    {
        var (starts, costs) = (new int[lengths.Length + 1], new long[lengths.Length + 1]);
        for (var end = 1; end <= lengths.Length; end++)
        {
            costs[end] = long.MaxValue;
            for (var start = 0; start < end; start++)
            {
                var cost = costs[start] + TokensOfAPass + (long)(end - start) * lengths[end - 1];
                if (cost < costs[end])
                    (costs[end], starts[end]) = (cost, start);
            }
        }
        return starts;
    }
}

/// <summary>Token rows as a network takes them.</summary>
internal static class PaddedTokens
{
    /// <summary>Int64 [N, 2, L], L being the longest row's length: ids, filled up at the end with the padding's, and 1 for tokens of a second text, 0 elsewhere.</summary>
    public static Tensor Of(IReadOnlyList<TokenRow> rows, int padId) => Of(rows, padId, rows.Max(row => row.Ids.Length));

    /// <summary>The same with a length that is given, as long as the longest row's or longer.</summary>
    public static Tensor Of(IReadOnlyList<TokenRow> rows, int padId, int length)
    {
        var values = new long[rows.Count * 2 * length];
        for (var i = 0; i < rows.Count; i++)
        {
            var (ids, secondStart) = rows[i];
            var row = values.AsSpan(i * 2 * length, 2 * length);
            row[..length].Fill(padId);
            for (var token = 0; token < ids.Length; token++)
                row[token] = ids[token];
            row[(length + secondStart)..(length + ids.Length)].Fill(1);
        }
        using var flat = tensor(values);
        return flat.reshape(rows.Count, 2, length);
    }
}
