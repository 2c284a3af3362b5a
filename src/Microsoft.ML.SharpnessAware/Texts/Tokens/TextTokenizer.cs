namespace Microsoft.ML.SharpnessAware;

/// <summary>How texts become numbers: a vocabulary learned from the training texts, or that of a pretrained network. A value; the vocabulary itself is stored in the model.</summary>
public abstract record TextTokenizer
{
    /// <summary>The same without the place of its files, which a model does not need: the vocabulary is a part of it.</summary>
    internal virtual TextTokenizer WithoutFiles => this;

    /// <summary>What turns texts into ids: learned from those texts, or read from files.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="FormatException">A file is malformed, or lacks a special token.</exception>
    internal abstract ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts);

    /// <summary>What <see cref="ITokenEncoder.Save"/> of this kind's encoder has written.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no such JSON.</exception>
    /// <exception cref="FormatException">It is damaged.</exception>
    internal abstract ITokenEncoder Load(Stream saved);
}
