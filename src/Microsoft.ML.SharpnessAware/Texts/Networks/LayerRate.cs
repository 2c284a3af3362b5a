namespace Microsoft.ML.SharpnessAware;

/// <summary>What the learning rate of some parameters is multiplied by.</summary>
/// <param name="Weights">A pattern of their names: * stands for any characters.</param>
/// <param name="Factor">More than 0.</param>
internal readonly record struct LayerRate(string Weights, double Factor);
