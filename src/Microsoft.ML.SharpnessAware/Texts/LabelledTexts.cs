using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Labelled texts, or pairs of texts, as they came.</summary>
internal sealed class LabelledTexts(TextPair[] texts, long[] labels, float[] exampleWeights, IReadOnlyList<SkippedRow> skipped, int missingLabels) : IDivisibleRows<LabelledTexts>
{
    public int Count => labels.Length;

    public IReadOnlyList<TextPair> Texts => texts;

    public IReadOnlyList<long> Labels => labels;

    public IReadOnlyList<float> ExampleWeights => exampleWeights;

    public IReadOnlyList<SkippedRow> Skipped => skipped;

    public int MissingLabels => missingLabels;

    public (LabelledTexts Train, LabelledTexts Validation) Split(double validationFraction, long seed)
    {
        var (train, validation) = RowOrder.Divide(Count, validationFraction, seed);
        return (View(train), View(validation));
    }

    public void AddTo(IncrementalHash hash)
    {
        for (var i = 0; i < Count; i++)
        {
            hash.AppendData(BitConverter.GetBytes(labels[i]));
            hash.AppendData(BitConverter.GetBytes(exampleWeights[i]));
            Add(texts[i].First);
            Add(texts[i].Second);
        }

        // The length first: without it, two texts would be the same as one of both.
        void Add(string? text)
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
        }
    }

    public void Dispose() { }

    LabelledTexts View(int[] rows) =>
        new(Array.ConvertAll(rows, row => texts[row]), Array.ConvertAll(rows, row => labels[row]), Array.ConvertAll(rows, row => exampleWeights[row]), skipped, missingLabels);
}
