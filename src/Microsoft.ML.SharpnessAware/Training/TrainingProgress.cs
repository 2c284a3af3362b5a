namespace Microsoft.ML.SharpnessAware;

/// <summary>Where a run is, reported after every step.</summary>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
/// <param name="Batch">Batches of the epoch done so far.</param>
/// <param name="Batches">Batches of the epoch.</param>
/// <param name="Loss">Mean loss at the weights w, over the epoch so far.</param>
/// <param name="PerturbedLoss">Mean loss at the perturbed weights w + ε, over the epoch so far.</param>
/// <param name="Accuracy">Share of training rows classified rightly, over the epoch so far.</param>
/// <param name="ExamplesPerSecond">Training rows a second, since the whole network, or its last layer alone, began to be trained.</param>
/// <param name="Remaining">Time to the end of the last epoch, or, while the network is frozen, of the last in which it is; if it goes on as it did.</param>
/// <param name="Step">What the step just taken found.</param>
public sealed record TrainingProgress(int Epoch, int Epochs, int Batch, int Batches, double Loss, double PerturbedLoss, double Accuracy, double ExamplesPerSecond, TimeSpan Remaining, StepReport Step);
