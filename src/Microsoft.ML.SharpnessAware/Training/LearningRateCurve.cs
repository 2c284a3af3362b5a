using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How the loss goes while the learning rate grows from step to step. Smith 2017, arXiv:1506.01186, section 3.3; what is read from it, as in fastai.</summary>
public sealed class LearningRateCurve
{
    const int LeftOutAtTheEnd = 5;

    readonly LearningRateSweep _sweep;
    readonly List<LearningRatePoint> _points = [];
    double _sum;

    internal LearningRateCurve(LearningRateSweep sweep) => _sweep = sweep;

    /// <summary>The steps in order, up to the one that ended the sweep.</summary>
    public IReadOnlyList<LearningRatePoint> Points => _points;

    /// <summary>
    /// The learning rate at which the smoothed loss falls most steeply; null where it never falls. The first tenth of the sweep's steps and the last five
    /// points have no say, here and in <see cref="Valley"/>.
    /// </summary>
    public double? Suggestion => Middle.Zip(Middle.Skip(1))
        .Where(step => step.Second.SmoothedLoss < step.First.SmoothedLoss)
        .OrderBy(step => step.Second.SmoothedLoss - step.First.SmoothedLoss)
        .Select(step => (double?)step.First.LearningRate)
        .FirstOrDefault();

    /// <summary>The learning rate in the middle of the longest fall of the smoothed loss, which small rises may interrupt; null where it never falls. More cautious, as a rule.</summary>
    public double? Valley => LongestFall.In([.. Middle.Select(point => point.SmoothedLoss)]) is var (first, last) ? Middle.ElementAt((first + last) / 2).LearningRate : null;

    internal bool IsOver { get; private set; }

    IEnumerable<LearningRatePoint> Middle => _points.Skip(_sweep.Steps / 10).SkipLast(LeftOutAtTheEnd);

    /// <summary>What is suggested, and from how many steps, in the invariant culture.</summary>
    public override string ToString()
    {
        var found = Suggestion is null ? "The loss never falls" : Invariant($"Learning rate {Suggestion:0.0e0}, where the loss falls most steeply, or {Valley:0.0e0}, in the middle of its fall");
        return _points.Count == 0 ? $"{found}: it is not finite." : found + Invariant($"; {_points.Count} steps from {_points[0].LearningRate:0.0e0} to {_points[^1].LearningRate:0.0e0}.");
    }

    /// <summary>Writes <see cref="WriteCsv(TextWriter)"/> to a file, which appears, or is replaced, when it is complete.</summary>
    public void WriteCsv(string path) => WholeFile.Write(path, WriteCsv);

    /// <summary>Writes a line "learning_rate,loss,smoothed_loss", and so a line for each point, in the invariant culture and to the last digit.</summary>
    public void WriteCsv(TextWriter writer)
    {
        writer.Write("learning_rate,loss,smoothed_loss\n");
        foreach (var (learningRate, loss, smoothed) in _points)
            writer.Write(Invariant($"{learningRate:R},{loss:R},{smoothed:R}\n"));
    }

    /// <summary>Takes in a step; one whose loss is not finite ends the sweep and is no point.</summary>
    internal void Add(double learningRate, double loss)
    {
        IsOver = !double.IsFinite(loss);
        if (IsOver)
            return;
        _sum = _sweep.Smoothing * _sum + (1 - _sweep.Smoothing) * loss;
        var smoothed = _sum / (1 - Math.Pow(_sweep.Smoothing, _points.Count + 1));
        _points.Add(new LearningRatePoint(learningRate, loss, smoothed));
        IsOver = _points.Count == _sweep.Steps || smoothed > _sweep.StopFactor * _points.Min(point => point.SmoothedLoss);
    }

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
