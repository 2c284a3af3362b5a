using TorchSharp.Modules;
using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classifies a text by the strongest answers of filters over its words.</summary>
internal sealed class TextCnnClassifier : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "words")] readonly nn.Module<Tensor, Tensor> _words;
    [ComponentName(Name = "filters")] readonly ModuleList<TextFilter> _filters;
    [ComponentName(Name = "head")] readonly nn.Module<Tensor, Tensor> _head;
    readonly int _padId;

    public TextCnnClassifier(nn.Module<Tensor, Tensor> words, TextFilter[] filters, nn.Module<Tensor, Tensor> head, int padId) : base(nameof(TextCnnClassifier))
    {
        (_words, _filters, _head, _padId) = (words, nn.ModuleList(filters), head, padId);
        RegisterComponents();
    }

    public override Tensor forward(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var tokens = new Tokens(texts, _padId);
        var embedded = _words.call(tokens.Ids);
        var present = tokens.Present().to_type(embedded.dtype);
        var words = (embedded * present.unsqueeze(-1)).transpose(1, 2);
        var answers = cat([.. _filters.Select(filter => filter.call(words, present))], 1);
        return _head.call(answers).MoveToOuterDisposeScope();
    }
}
