namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// An event file for TensorBoard, with the scalars of each epoch: train/loss and train/accuracy, validation/loss, validation/accuracy and
/// validation/macro_accuracy, learning_rate, sharpness/perturbed_loss, sharpness/gradient_norm, sharpness/epsilon_norm and sharpness/cosine, and
/// speed/passes, speed/skipped_steps and speed/examples_per_second; the step is the epoch. A run that goes on from a checkpoint adds a file, which takes
/// the place of what was written after the checkpoint.
/// </summary>
/// <param name="Folder">The folder of the run, among those of others in the folder that TensorBoard is shown. It is made where it is missing.</param>
public sealed record TensorBoardLog(string Folder) : LogSink
{
    /// <summary>The folder of the run.</summary>
    public string Folder { get; init => field = Named(value); } = Named(Folder);

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override IEpochLog Open() => EventFile.Open(Folder, Time);

    static string Named(string folder) => Require.That(!string.IsNullOrWhiteSpace(folder), folder, "the name of a folder", nameof(Folder));
}
