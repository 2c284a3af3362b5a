using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Some texts as token ids.</summary>
internal sealed class TokenizedTexts(TextModel model, TokenizedText[] texts) : IScorableRows
{
    public int Count => texts.Length;

    public IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device) =>
        from batch in LengthGroups.Of(Array.ConvertAll(texts, text => text.Tokens.Ids.Length))
        select (PaddedTokens.Of(Array.ConvertAll(batch, row => texts[row].Tokens), model.Shape.PadId).to(device), batch);

    public bool IsUnusable(int index, long position)
    {
        if (texts[index].IsEmpty && model.EmptyTexts == EmptyTextPolicy.Fail)
            throw Contracts.Except($"Cannot classify row {position} (counting from 0): {TextPair.EmptyReason} in column '{model.Columns.Sentence1}'. To give such rows the score NaN and no label, train with EmptyTexts = {EmptyTextPolicy.Skip}; to score them, with {EmptyTextPolicy.Keep}.");
        return texts[index].IsEmpty && model.EmptyTexts == EmptyTextPolicy.Skip;
    }
}
