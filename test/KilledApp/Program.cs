using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

// KilledApp MODEL [FOLDER]: trains, with a checkpoint in the folder after every step, and saves the model. A line per step and log message.
try
{
    var ml = new MLContext();
    ml.Log += (_, message) => Console.WriteLine(message.Message);
    var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Picture
    {
        Features = [.. Enumerable.Range(0, 64).Select(x => MathF.Sin(x * (i % 3 + 1) + i))],
        Label = (uint)i % 3,
    }));
    using var model = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
    {
        Sharpness = new FriendlySam(),
        Optimizer = new AdamW(),
        Network = new CifarResNet(8),
        BatchSize = 4,
        Epoch = 100,
        Seed = 1,
        Threads = 1,
        CheckpointFolder = args.Length > 1 ? args[1] : null,
        CheckpointEvery = TimeSpan.FromTicks(1),
        Progress = new StepLines(),
    }).Fit(rows);
    ml.Model.Save(model, rows.Schema, args[0]);
    return 0;
}
catch (Exception fault)
{
    Console.Error.WriteLine(fault);
    return 1;
}

sealed class StepLines : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress progress) => Console.WriteLine($"step {progress.Batch} of epoch {progress.Epoch}");
}

sealed class Picture
{
    [VectorType(64)]
    public float[] Features { get; set; } = [];

    [KeyType(3)]
    public uint Label { get; set; }
}
