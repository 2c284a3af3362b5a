namespace Microsoft.ML.SharpnessAware;

/// <summary>A kind of network that classifies texts; a value, from which modules are built.</summary>
public abstract record TextNetwork
{
    /// <summary>A new module from texts to logits [N, <paramref name="classes"/>]; weights that are not read from a file come from libtorch's generator.</summary>
    /// <remarks>Texts are int64 [N, 2, L], L being 1 or more and the same within a batch only: in the first row of each its token ids, filled up at the end with <see cref="TextShape.PadId"/>, in the second 0 for tokens of the first sentence and 1 for those of the second. Padding does not change the logits.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer than two classes, or the id of padding is not in the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">The network is not made for such texts, or its weights cannot be read, or libtorch is missing.</exception>
    public nn.Module<Tensor, Tensor> Build(TextShape input, int classes)
    {
        Require.AtLeast(2, classes);
        Require.That(input.PadId < input.Vocabulary, input.PadId, $"less than Vocabulary, which is {input.Vocabulary}", nameof(input.PadId));
        Check(input);
        LibtorchDoor.Open();
        var network = Create(input, classes);
        ChannelsLast.Arrange(network);
        return network;
    }

    /// <summary>The module that <see cref="Build"/> returns; what it is given has been checked.</summary>
    protected abstract nn.Module<Tensor, Tensor> Create(TextShape input, int classes);

    /// <summary>What the module calls the layer that puts out the logits; "head.output", the layer "output" of the layer "head", by default.</summary>
    /// <remarks><see cref="SamTrainerOptions.FreezeBackboneEpochs"/> leaves it alone to be trained, and what comes to it is the embedding. For both the module has to call it once.</remarks>
    protected virtual string LastLayer => "head.output";

    internal string NameOfLastLayer => LastLayer;

    /// <exception cref="InvalidOperationException">The network contradicts itself, or is not made for such texts.</exception>
    internal virtual void Check(TextShape input) { }

    /// <summary>The network without the files that it starts from: what a trained model is built from.</summary>
    internal virtual TextNetwork WithoutFiles => this;

    /// <summary>What the learning rate of some parameters is multiplied by, where that is not 1. No parameter is in two of them.</summary>
    internal virtual IReadOnlyList<LayerRate> LayerRates => [];
}
