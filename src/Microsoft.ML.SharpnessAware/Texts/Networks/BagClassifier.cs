using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classifies the mean of a text's embeddings.</summary>
internal sealed class BagClassifier : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "words")] readonly nn.Module<Tensor, Tensor> _words;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _padId;

    public BagClassifier(nn.Module<Tensor, Tensor> words, nn.Module<Tensor, Tensor> head, int padId) : base(nameof(BagClassifier))
    {
        (_words, _head, _padId) = (words, head, padId);
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var tokens = new Tokens(texts, _padId);
        return _head.call(MaskedMean.Of(_words.call(tokens.Ids), tokens.Present())).MoveToOuterDisposeScope();
    }
}
