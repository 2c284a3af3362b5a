namespace Microsoft.ML.SharpnessAware;

/// <summary>Scalars as TensorBoard reads them: messages of its event.proto and summary.proto, each in a TFRecord.</summary>
internal sealed class EventFile : IEpochLog
{
    const string Version = "brain.Event:2";
    const long SessionStart = 1;

    readonly FileStream _file;
    readonly TimeProvider _time;

    EventFile(FileStream file, TimeProvider time) => (_file, _time) = (file, time);

    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static EventFile Open(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var name = Path.Combine(Path.GetFullPath(folder), $"events.out.tfevents.{time.GetUtcNow().ToUnixTimeSeconds()}.{Environment.MachineName}");
        var path = name;
        for (var others = 1; File.Exists(path); others++)
            path = $"{name}.{others}";
        return new EventFile(new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read), time);
    }

    // A session's start makes TensorBoard forget what earlier files say of this step and later ones.
    public void Begin(int epochsDone)
    {
        Write(Event().Add(3, Version));
        Write(Event(epochsDone + 1).Add(7, new ProtobufMessage().Add(1, SessionStart)));
    }

    public void Write(EpochMetrics epoch)
    {
        var summary = new ProtobufMessage();
        foreach (var (tag, value) in Scalars(epoch))
            if (value is { } scalar)
                summary.Add(1, new ProtobufMessage().Add(1, tag).Add(2, (float)scalar));
        Write(Event(epoch.Epoch).Add(5, summary));
    }

    // A file without a record is one that nothing came of.
    public void Dispose()
    {
        var isEmpty = _file.CanSeek && _file.Length == 0;
        _file.Dispose();
        if (isEmpty)
            File.Delete(_file.Name);
    }

    ProtobufMessage Event(long step = 0) => new ProtobufMessage().Add(1, (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds).Add(2, step);

    void Write(ProtobufMessage message)
    {
        _file.Write(TfRecord.Of(message.ToArray()));
        _file.Flush();
    }

    static IEnumerable<(string Tag, double? Value)> Scalars(EpochMetrics epoch) =>
    [
        ("train/loss", epoch.Loss),
        ("train/accuracy", epoch.TrainAccuracy),
        ("validation/loss", epoch.ValidationLoss),
        ("validation/accuracy", epoch.ValidationAccuracy),
        ("validation/macro_accuracy", epoch.ValidationMacroAccuracy),
        ("learning_rate", epoch.LearningRate),
        ("sharpness/perturbed_loss", epoch.PerturbedLoss),
        ("sharpness/gradient_norm", epoch.GradientNorm),
        ("sharpness/epsilon_norm", epoch.EpsilonNorm),
        ("sharpness/cosine", epoch.Cosine),
        ("speed/passes", epoch.Passes),
        ("speed/skipped_steps", epoch.SkippedSteps),
        ("speed/examples_per_second", epoch.ExamplesPerSecond),
    ];
}
