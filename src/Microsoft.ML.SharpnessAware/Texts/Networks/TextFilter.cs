using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Filters of one length over the words of a text: the strongest answer of each.</summary>
internal sealed class TextFilter : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "convolution")] readonly nn.Module<Tensor, Tensor> _convolution;
    readonly int _overhang;

    public TextFilter(int width, int filters, int length) : base(nameof(TextFilter))
    {
        _overhang = length - 1;
        _convolution = nn.Conv1d(width, filters, length, 1, _overhang);
        RegisterComponents();
    }

    /// <param name="words">[N, width, L], 0 where there is no word.</param>
    /// <param name="present">1 where there is one, [N, L].</param>
    public override Tensor forward(Tensor words, Tensor present)
    {
        using var scope = NewDisposeScope();
        var touchesText = nn.functional.pad(present, (_overhang, 0), value: 1).unsqueeze(1);
        // What ReLU leaves is 0 or more, so that a 0 outside of the text never is the strongest.
        var answers = _convolution.call(words).relu_() * touchesText;
        return answers.max(2).values.MoveToOuterDisposeScope();
    }
}
