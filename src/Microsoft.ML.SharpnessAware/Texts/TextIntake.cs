namespace Microsoft.ML.SharpnessAware;

/// <summary>Gathers texts and tokenizes them.</summary>
internal sealed class TextIntake(TextModel model, Func<TextPair> texts, ITokenEncoder encoder) : IRowIntake
{
    readonly List<TokenizedText> _texts = [];

    public void Add()
    {
        var text = texts();
        _texts.Add(new TokenizedText(encoder.Encode(text.First, text.Second, model.Shape.MaxLength), text.IsEmpty));
    }

    public IScorableRows Take()
    {
        var rows = new TokenizedTexts(model, [.. _texts]);
        _texts.Clear();
        return rows;
    }
}
