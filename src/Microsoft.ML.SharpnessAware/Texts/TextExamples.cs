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
        Parallel.For(0, rows.Length, i =>
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

    public Batch Load(int[] rows, long? augmentationSeed)
    {
        using var scope = NewDisposeScope();
        var inputs = PaddedTokens.Of(Array.ConvertAll(rows, row => _rows[row]), _padId);
        var labels = tensor(Array.ConvertAll(rows, row => _texts.Labels[row]));
        return new Batch(inputs.DetachFromDisposeScope(), labels.DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash) => _texts.AddTo(hash);

    public void Dispose() => _texts.Dispose();

    int[] ByLength(int[] rows) => [.. rows.OrderBy(row => _rows[row].Ids.Length)];
}
