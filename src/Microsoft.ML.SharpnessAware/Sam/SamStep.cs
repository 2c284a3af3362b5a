namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// One optimizer step as a rule sees it: the weights as one vector, the batch's gradient at any point,
/// and what the rule remembered from the steps before.
/// </summary>
/// <remarks>Tensors handed out are the step's own: read them, do not write into them, and keep none of them but through <see cref="Remember"/>.</remarks>
public sealed class SamStep
{
    readonly IGradientOracle _oracle;
    readonly RuleMemory _memory;
    readonly string _place;

    internal SamStep(IGradientOracle oracle, RuleMemory memory, double learningRate, long index)
        : this(oracle, memory, learningRate, index, place: "") { }

    SamStep(IGradientOracle oracle, RuleMemory memory, double learningRate, long index, string place) =>
        (_oracle, _memory, LearningRate, Index, _place) = (oracle, memory, learningRate, index, place);

    /// <summary>The weights w, unperturbed, as one vector.</summary>
    public Tensor Weights => _oracle.Weights;

    /// <summary>True on the elements of parameters whose name contains "weight", false on biases; a Boolean vector.</summary>
    public Tensor IsWeight => _oracle.IsWeight;

    /// <summary>The learning rate of this step.</summary>
    public double LearningRate { get; }

    /// <summary>The number of steps before this one.</summary>
    public long Index { get; }

    /// <summary>The gradient of the batch's mean loss at <paramref name="point"/>. One forward and backward pass.</summary>
    public Tensor GradientAt(Tensor point) => _oracle.GradientAt(() => point);

    /// <summary>As <see cref="GradientAt(Tensor)"/>, freeing what computing the point needed before the pass begins.</summary>
    public Tensor GradientAt(Func<Tensor> point) => _oracle.GradientAt(point);

    /// <summary>The vector with zeros in place of the weights that are excluded from perturbation.</summary>
    public Tensor OnlyPerturbed(Tensor v) => _oracle.Perturbed is { } mask ? v * mask : v;

    /// <summary>What was remembered under this name in an earlier step, or null.</summary>
    public Tensor? Recall(string name) => _memory.Recall(_place + name);

    /// <summary>Keeps a copy of the value for later steps, once this step has succeeded.</summary>
    public void Remember(string name, Tensor value) => _memory.Remember(_place + name, value);

    /// <summary>The same step for a rule nested in this one, with a memory of its own.</summary>
    public SamStep Within(string part) => new(_oracle, _memory, LearningRate, Index, $"{_place}{part}.");
}
