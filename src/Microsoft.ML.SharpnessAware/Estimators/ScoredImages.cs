using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The probabilities for some images, one after another, or what is wrong with an image.</summary>
internal sealed class ScoredImages(ImageClassifier classifier, DecodedImages images)
{
    readonly int _classes = classifier.Model.Classes.Count;
    readonly float[] _scores = classifier.Score(images);

    /// <summary>The probabilities of one image, which the cursor knows as that row.</summary>
    /// <exception cref="InvalidOperationException">The image cannot be decoded, and the model does not skip such images.</exception>
    public ReadOnlySpan<float> Of(int index, long row)
    {
        var scores = _scores.AsSpan(index * _classes, _classes);
        if (images.Faults[index] is { } fault)
            Blank(scores, fault, row);
        return scores;
    }

    void Blank(Span<float> scores, string fault, long row)
    {
        if (classifier.Model.BadImages == BadImagePolicy.Fail)
            throw Contracts.Except($"Cannot classify the image of row {row} (counting from 0) in column '{classifier.Model.Columns.Feature}': {fault}. To give such rows the score NaN and no label, train with BadImages = {BadImagePolicy.Skip}.");
        scores.Fill(float.NaN);
    }
}
