namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// One optimizer step as a rule sees it: the weights as one vector, the batch's losses and gradient at any point,
/// and what the rule remembered from previous steps.
/// </summary>
/// <remarks>The tensors belong to the step: read them, do not write into them, and keep them only by <see cref="Remember(string, Tensor)"/>.</remarks>
public sealed class SamStep
{
    readonly IGradientOracle _oracle;
    readonly RuleMemory _memory;
    readonly StepMoment _moment;
    readonly string _place;

    internal SamStep(IGradientOracle oracle, RuleMemory memory, StepMoment moment, double learningRate, long index, string place = "") =>
        (_oracle, _memory, _moment, LearningRate, Index, _place) = (oracle, memory, moment, learningRate, index, place);

    /// <summary>The weights w, unperturbed, as one vector.</summary>
    public Tensor Weights => _oracle.Weights;

    /// <summary>The parameters that the vector is made of, in its order.</summary>
    public IReadOnlyList<WeightBlock> Blocks => _oracle.Blocks;

    /// <summary>True on the elements of parameters whose name contains "weight", false on biases; a Boolean vector.</summary>
    public Tensor IsWeight => _oracle.IsWeight;

    /// <summary>The number of examples in the batch.</summary>
    public int Examples => _oracle.Examples;

    /// <summary>The learning rate of this step.</summary>
    public double LearningRate { get; }

    /// <summary>The number of steps before this one.</summary>
    public long Index { get; }

    /// <summary>Epochs done so far, with the fraction of the running one: 0 in the first step.</summary>
    public double Epoch => _moment.Epoch;

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs => _moment.Epochs;

    /// <summary>The base optimizer's momentum: SGD's sum or Adam's mean of directions. Null before its first step, or where it has none.</summary>
    public Tensor? Momentum => _oracle.Momentum;

    /// <summary>This step with the batch of the previous step; null in the first. Batches are kept from the first time this is used.</summary>
    public SamStep? LastBatch => _oracle.LastBatch is { } last ? On(last) : null;

    /// <summary>A radius as it is now, by the run's schedule for it: a scalar, or a vector where parameter groups have a radius of their own.</summary>
    public Tensor Scheduled(double rho) => _oracle.Radii(rho) * _moment.RhoFactor;

    /// <summary>The gradient of the batch's mean loss at <paramref name="point"/>. One forward and backward pass.</summary>
    public Tensor GradientAt(Tensor point) => _oracle.GradientAt(() => point);

    /// <summary>As <see cref="GradientAt(Tensor)"/>, but tensors used to compute the point are freed before the pass begins.</summary>
    public Tensor GradientAt(Func<Tensor> point) => _oracle.GradientAt(point);

    /// <summary>The gradient of the batch's mean loss at w + ε, with <paramref name="epsilon"/> for ε: <see cref="GradientAt(Func{Tensor})"/> with less memory and time.</summary>
    public Tensor GradientBeyond(Func<Tensor> epsilon) => _oracle.GradientBeyond(epsilon);

    /// <summary>The gradient of Σ aᵢ ℓᵢ, the examples' losses weighted, at <paramref name="point"/>. One forward and backward pass.</summary>
    /// <param name="point">The weights to take it at.</param>
    /// <param name="exampleWeights">The weights a, one for each of the <see cref="Examples"/>; 1 / <see cref="Examples"/> each gives the mean loss.</param>
    public Tensor GradientAt(Tensor point, Tensor exampleWeights) => _oracle.GradientAt(() => point, exampleWeights);

    /// <summary>The mean loss of the batch in the pass that gave this gradient, a scalar; it does not use the example weights of the gradient.</summary>
    /// <param name="gradient">What <see cref="GradientAt(Tensor)"/> or a similar method returned in this step.</param>
    /// <exception cref="InvalidOperationException">It is not a gradient of this step.</exception>
    public Tensor LossOf(Tensor gradient) => _oracle.LossOf(gradient);

    /// <summary>∇L(there) − ∇L(here). Two forward and backward passes, which need less memory than keeping two gradients.</summary>
    public Tensor GradientDifference(Func<Tensor> there, Func<Tensor> here) => _oracle.Difference(there, here);

    /// <summary>The loss of each of the <see cref="Examples"/> at <paramref name="point"/>. One forward pass.</summary>
    public Tensor LossesAt(Tensor point) => _oracle.LossesAt(() => point);

    /// <summary>As <see cref="LossesAt(Tensor)"/>, but tensors used to compute the point are freed before the pass begins.</summary>
    public Tensor LossesAt(Func<Tensor> point) => _oracle.LossesAt(point);

    /// <summary>The weights after a step of the base optimizer along <paramref name="direction"/>, including momentum and weight decay. No weights are changed.</summary>
    public Tensor Ahead(Tensor direction) => _oracle.Ahead(direction);

    /// <summary>Adds −<see cref="LearningRate"/> · <paramref name="v"/> to the weights when this step is taken, decoupled from the base optimizer, as weight decay is in AdamW.</summary>
    public void AddDecoupledUpdate(Tensor v) => _oracle.AddDecoupledUpdate(v);

    /// <summary>The vector with zeros in place of the weights that are excluded from perturbation.</summary>
    public Tensor OnlyPerturbed(Tensor v) => _oracle.Perturbed is { } mask ? v * mask : v;

    /// <summary>A vector of independent standard normal numbers, from the seed of the step: the same each time this rule calls it in this step.</summary>
    public Tensor Gaussian() => _oracle.Gaussian(_place);

    /// <summary>A vector of −1 and 1 with equal probability, from the seed of the step.</summary>
    public Tensor Signs() => _oracle.Signs(_place);

    /// <summary>A random number from 0 to 1, 1 not included, from the seed of the step.</summary>
    public double Chance() => _oracle.Chance(_place);

    /// <summary>What was remembered under this name in this step, or else in an earlier one; null where nothing was.</summary>
    public Tensor? Recall(string name) => _memory.Recall(_place + name);

    /// <summary>Keeps a copy of the value for later steps, once this step has succeeded.</summary>
    public void Remember(string name, Tensor value) => _memory.Remember(_place + name, value);

    /// <summary>The number that was remembered under this name in this step, or else in an earlier one; null where none was.</summary>
    public double? RecallNumber(string name) => Recall(name)?.item<double>();

    /// <summary>Keeps a number for later steps, once this step has succeeded.</summary>
    public void Remember(string name, double value)
    {
        using var number = tensor(value, dtype: ScalarType.Float64);
        Remember(name, number);
    }

    /// <summary>The same step for a rule nested in this one, with its own memory and random numbers.</summary>
    public SamStep Within(string part) => new(_oracle, _memory, _moment, LearningRate, Index, $"{_place}{part}.");

    SamStep On(IGradientOracle oracle) => new(oracle, _memory, _moment, LearningRate, Index, _place);
}

/// <summary>What a step asks of the world: the weights, what the batch's examples say anywhere, where the optimizer would go, and chance.</summary>
internal interface IGradientOracle
{
    Tensor Weights { get; }

    IReadOnlyList<WeightBlock> Blocks { get; }

    Tensor IsWeight { get; }

    /// <summary>True on the weights that may be perturbed; null where all may.</summary>
    Tensor? Perturbed { get; }

    /// <summary>The radius of each weight where the rule's is <paramref name="rho"/>; a scalar where it is the same for all.</summary>
    Tensor Radii(double rho);

    /// <summary>The examples that the losses and gradients are of.</summary>
    int Examples { get; }

    /// <summary>The base optimizer's running mean of directions; null before its first step, or where it has none.</summary>
    Tensor? Momentum { get; }

    /// <summary>The same, of the batch of the last step that was taken; null where there was none, or it has not been kept.</summary>
    IGradientOracle? LastBatch { get; }

    /// <summary>
    /// The gradient at a point of the examples' mean loss, or of Σ aᵢ ℓᵢ for example weights a; valid until the step ends.
    /// The weights are back at w when this returns or throws.
    /// </summary>
    Tensor GradientAt(Func<Tensor> point, Tensor? exampleWeights = null);

    /// <summary>The gradient of the examples' mean loss at w + ε; as <see cref="GradientAt"/> otherwise.</summary>
    Tensor GradientBeyond(Func<Tensor> epsilon);

    /// <summary>The examples' mean loss in the pass that gave this gradient.</summary>
    Tensor LossOf(Tensor gradient);

    /// <summary>∇L(there) − ∇L(here), whose passes leave no gradient's memory in use.</summary>
    Tensor Difference(Func<Tensor> there, Func<Tensor> here);

    /// <summary>The loss of each example at a point.</summary>
    Tensor LossesAt(Func<Tensor> point);

    /// <summary>Where the base optimizer's step along this direction would lead.</summary>
    Tensor Ahead(Tensor direction);

    /// <summary>Moves the weights along −v too when the step is taken, by the learning rate alone.</summary>
    void AddDecoupledUpdate(Tensor v);

    /// <summary>As long as the weights, independent standard normal numbers, the same for the same purpose in the same step.</summary>
    Tensor Gaussian(string purpose);

    /// <summary>As long as the weights, −1 or 1 with equal chance.</summary>
    Tensor Signs(string purpose);

    /// <summary>A number from 0 to 1, 1 not included.</summary>
    double Chance(string purpose);
}

/// <summary>When a step happens, and what the schedules say then.</summary>
internal readonly record struct StepMoment
{
    public StepMoment() { }

    /// <summary>The seed of all that is random in the step.</summary>
    public required long Seed { get; init; }

    /// <summary>What the optimizers' learning rates are multiplied by.</summary>
    public double LearningRateFactor { get; init; } = 1;

    /// <summary>What radii are multiplied by.</summary>
    public double RhoFactor { get; init; } = 1;

    /// <summary>Epochs done, with the fraction of the running one.</summary>
    public double Epoch { get; init; }

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>What this worker wishes for after the step.</summary>
    public StepWishes Wishes { get; init; }
}
