using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The images of a run: those to train on, those to validate on, and what normalises both.</summary>
internal sealed class TrainingImages : ITrainingData
{
    readonly RunRows<ImageExamples> _rows;

    public TrainingImages(RunRows<ImageExamples> rows, Augmentation? augmentation, ScalarType pixels, Network network)
    {
        _rows = rows;
        // Numbers may be of any scale, but bytes are of that of trained weights.
        Normalization = network.Normalization ?? (pixels == ScalarType.Byte ? network.GivenNormalization(rows.Train.Shape.Channels) : null) ?? rows.Train.Statistics();
        Train = MixedExamples.Of(WeightedExamples.Of(rows.Train.With(Normalization, augmentation), rows.TrainWeights), augmentation);
        Validation = rows.Validation?.With(Normalization);
        Pixels = pixels;
    }

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given;

    public ILabelledRows? GivenValidation => _rows.GivenValidation;

    public Normalization Normalization { get; }

    /// <summary>What the pixels were given as.</summary>
    public ScalarType Pixels { get; }

    public ImageShape Shape => _rows.Train.Shape;

    public void Report(IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{Train.Count} images to train on and {Validation?.Count ?? 0} to validate on, as {Shape}.");
        _rows.ReportLeftOut(channel);
    }

    public void Dispose() => _rows.Dispose();
}
