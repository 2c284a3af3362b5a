namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A network of a user's own: each word has logits, and a text has those of its first, which stands behind the token that begins it.</summary>
sealed record FirstWord : TextNetwork
{
    protected override nn.Module<Tensor, Tensor> Create(TextShape input, int classes) => new Module(input, classes);

    sealed class Module : nn.Module<Tensor, Tensor>
    {
        readonly nn.Module<Tensor, Tensor> _words;

        public Module(TextShape input, int classes) : base(nameof(Module))
        {
            _words = nn.Embedding(input.Vocabulary, classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor texts)
        {
            using var scope = NewDisposeScope();
            return _words.call(texts.select(1, 0).select(1, 1)).MoveToOuterDisposeScope();
        }
    }
}
