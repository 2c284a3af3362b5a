using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The texts of a run: those to train on, from which a vocabulary is learned, and those to validate on.</summary>
internal sealed class TrainingTexts : ITrainingData
{
    readonly RunRows<LabelledTexts> _rows;

    public TrainingTexts(RunRows<LabelledTexts> rows, TextTokenizer tokenizer, int maxLength, Action checkAlive)
    {
        _rows = rows;
        Encoder = tokenizer.CreateEncoder(TextsOf(rows.Train, checkAlive));
        Shape = new TextShape(Encoder.VocabularySize, maxLength, Encoder.PadId);
        Train = WeightedExamples.Of(TextExamples.Of(rows.Train, Encoder, maxLength, checkAlive), rows.TrainWeights);
        Validation = rows.Validation is null ? null : TextExamples.Of(rows.Validation, Encoder, maxLength, checkAlive);
    }

    public IExamples Train { get; }

    public IExamples? Validation { get; }

    public ILabelledRows Given => _rows.Given;

    public ILabelledRows? GivenValidation => _rows.GivenValidation;

    public ITokenEncoder Encoder { get; }

    public TextShape Shape { get; }

    public void Report(IChannel channel)
    {
        channel.Info(MessageSensitivity.None, $"{Train.Count} texts to train on and {Validation?.Count ?? 0} to validate on, as {Shape}.");
        _rows.ReportLeftOut(channel);
    }

    public void Dispose() => _rows.Dispose();

    static IEnumerable<string> TextsOf(LabelledTexts rows, Action checkAlive)
    {
        foreach (var (first, second) in rows.Texts)
        {
            checkAlive();
            yield return first;
            if (second is not null)
                yield return second;
        }
    }
}
