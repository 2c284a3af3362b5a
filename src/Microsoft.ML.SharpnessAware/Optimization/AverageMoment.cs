namespace Microsoft.ML.SharpnessAware;

/// <summary>When an average may take in the weights: after each batch.</summary>
/// <param name="Averaged">How often it has done so.</param>
/// <param name="StepTaken">Whether the batch's step was taken, and not skipped.</param>
/// <param name="Epoch">The running epoch, counted from 1.</param>
/// <param name="EpochEnds">Whether the batch is the epoch's last.</param>
/// <param name="Epochs">Epochs of the whole run.</param>
internal readonly record struct AverageMoment(long Averaged, bool StepTaken, int Epoch, bool EpochEnds, int Epochs);
