namespace Microsoft.ML.SharpnessAware;

/// <summary>Where in an image a network found a class: Grad-CAM.</summary>
public sealed class ImageExplanation
{
    internal ImageExplanation() { }

    /// <summary>The row's position in the data, counted from 0.</summary>
    public required long Row { get; init; }

    /// <summary>The class whose score is explained.</summary>
    public required string Class { get; init; }

    /// <summary>The probability that the network gives to the class, for the image as it is: no other view of test-time augmentation counts.</summary>
    public required double Probability { get; init; }

    /// <summary>The layer whose feature maps were weighted.</summary>
    public required string Layer { get; init; }

    /// <summary>How much each pixel of the image, as the network sees it, speaks for the class.</summary>
    public required HeatMap HeatMap { get; init; }
}

/// <summary>A number from 0 to 1 for each pixel of an image.</summary>
public sealed class HeatMap
{
    internal HeatMap(float[,] values) => Values = values;

    /// <summary>Width in pixels.</summary>
    public int Width => Values.GetLength(1);

    /// <summary>Height in pixels.</summary>
    public int Height => Values.GetLength(0);

    /// <summary>The numbers, by the pixel's row from the top and then its column from the left. The largest is 1; all are 0 where nothing speaks for the class.</summary>
    public float[,] Values { get; }
}

/// <summary>Which words of a text speak for a class, and which against it: integrated gradients.</summary>
public sealed class TextExplanation
{
    internal TextExplanation() { }

    /// <summary>The row's position in the data, counted from 0.</summary>
    public required long Row { get; init; }

    /// <summary>The class whose score is explained.</summary>
    public required string Class { get; init; }

    /// <summary>The probability that the network gives to the class.</summary>
    public required double Probability { get; init; }

    /// <summary>The words of the text, or of both texts one after the other, as far as the network reads them.</summary>
    public required IReadOnlyList<TokenAttribution> Tokens { get; init; }

    /// <summary>The class's score before the softmax, its logit, for the text.</summary>
    public required double Score { get; init; }

    /// <summary>The same for the baseline: as many tokens of padding as the text has words or pieces of words.</summary>
    public required double BaselineScore { get; init; }

    /// <summary>What the tokens' scores miss of the difference between <see cref="Score"/> and <see cref="BaselineScore"/>, to which they add up in theory: the error of taking the gradient at <see cref="ExplainTextsOptions.Steps"/> points only.</summary>
    public double Residual => Score - BaselineScore - Tokens.Sum(token => token.Score);
}

/// <summary>What one word contributes to a class's score. Where the vocabulary cuts a word into pieces, it is the sum over them.</summary>
/// <param name="Text">The word as it stands in the text.</param>
/// <param name="Sentence">0 for a word of the first text, 1 for one of the second.</param>
/// <param name="Start">Where it begins in that text, in UTF-16 units from 0.</param>
/// <param name="Score">More than 0 where it speaks for the class, less than 0 where it speaks against it; in units of the logit.</param>
public sealed record TokenAttribution(string Text, int Sentence, int Start, double Score);
