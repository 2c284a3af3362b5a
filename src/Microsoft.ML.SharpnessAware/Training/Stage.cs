namespace Microsoft.ML.SharpnessAware;

/// <summary>Epochs of a run that train the same: the whole network on the rows, or its last layer on what the layers before make of them.</summary>
/// <param name="epochs">Which epochs, counted from 1.</param>
/// <param name="network">What is trained.</param>
/// <param name="sharpness">How.</param>
/// <param name="steps">And with which settings.</param>
/// <param name="examples">On what; asked for when the first batch is.</param>
/// <param name="ownsExamples">Whether the examples are the stage's.</param>
internal sealed class Stage(EpochSpan epochs, nn.Module<Tensor, Tensor> network, SharpnessRule sharpness, StepSettings steps, Func<(IExamples Train, IExamples? Validation)> examples, bool ownsExamples) : IDisposable
{
    readonly Lazy<(IExamples Train, IExamples? Validation)> _examples = new(examples, LazyThreadSafetyMode.None);

    public EpochSpan Epochs => epochs;

    public nn.Module<Tensor, Tensor> Network => network;

    public IExamples Train => _examples.Value.Train;

    public IExamples? Validation => _examples.Value.Validation;

    /// <summary>A step that has nothing behind it.</summary>
    public SamTrainStep NewStep(BaseOptimizer optimizer) => new(network, sharpness, optimizer, steps);

    public void Dispose()
    {
        if (!ownsExamples || !_examples.IsValueCreated)
            return;
        Train.Dispose();
        Validation?.Dispose();
    }
}
