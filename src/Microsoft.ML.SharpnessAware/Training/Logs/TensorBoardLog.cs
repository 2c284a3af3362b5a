using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// An event file for TensorBoard, with the scalars of each epoch: train/loss and train/accuracy, validation/loss, validation/accuracy and
/// validation/macro_accuracy, learning_rate, sharpness/perturbed_loss, sharpness/gradient_norm, sharpness/epsilon_norm and sharpness/cosine, and
/// speed/passes, speed/skipped_steps and speed/examples_per_second; the step is the epoch. A run that resumes from a checkpoint adds a file, which replaces
/// what was written after the checkpoint.
/// </summary>
/// <param name="Folder">The folder of the run; TensorBoard shows the runs of its parent folder side by side. It is created if it does not exist.</param>
public sealed record TensorBoardLog(string Folder) : LogSink
{
    /// <summary>The folder of the run.</summary>
    public string Folder { get; init => field = Named(value); } = Named(Folder);

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override IEpochLog Open() => EventFile.Open(Folder, Time);

    static string Named(string folder) => Require.That(!string.IsNullOrWhiteSpace(folder), folder, "the name of a folder", nameof(Folder));
}

/// <summary>Scalars as TensorBoard reads them: messages of its event.proto and summary.proto, each in a TFRecord.</summary>
/// <remarks>TorchSharp's SummaryWriter writes such files too, but no session's start, without which a resumed run would show epochs twice.</remarks>
internal sealed class EventFile : IEpochLog
{
    const string Version = "brain.Event:2";

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
        Write(new Event { FileVersion = Version });
        Write(new Event { Step = epochsDone + 1, SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start } });
    }

    public void Write(EpochMetrics epoch)
    {
        var summary = new Summary();
        foreach (var (tag, value) in Scalars(epoch))
            if (value is { } scalar)
                summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)scalar });
        Write(new Event { Step = epoch.Epoch, Summary = summary });
    }

    // A file without a record is one that nothing came of.
    public void Dispose()
    {
        var isEmpty = _file.CanSeek && _file.Length == 0;
        _file.Dispose();
        if (isEmpty)
            File.Delete(_file.Name);
    }

    void Write(Event message)
    {
        message.WallTime = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
        _file.Write(TfRecord.Of(message.ToByteArray()));
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

/// <summary>Bytes as TensorFlow frames them in a file: their length, a checksum of it, they themselves, and a checksum of them. https://www.tensorflow.org/tutorials/load_data/tfrecord</summary>
internal static class TfRecord
{
    const int LengthSize = sizeof(ulong);
    const int SumSize = sizeof(uint);

    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var record = new byte[LengthSize + SumSize + data.Length + SumSize];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthSize), Masked(Crc32C(record.AsSpan(0, LengthSize))));
        data.CopyTo(record.AsSpan(LengthSize + SumSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - SumSize), Masked(Crc32C(data)));
        return record;
    }

    /// <summary>The checksum of RFC 3720, appendix B.4.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    static uint Masked(uint crc) => BitOperations.RotateRight(crc, 15) + 0xA282EAD8;
}
