using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>The program of docs/many-machines.md.</summary>
public static class ManyMachines
{
    /// <summary>Trains on a folder of images, with a folder for each class, in all processes that the launcher started.</summary>
    /// <param name="data">The folder with images, checkpoints and the model.</param>
    public static void Train(string data)
    {
        #region program
        var workers = new MpiWorkers { Timeout = TimeSpan.FromMinutes(10) };
        var ml = new MLContext(seed: 1);
        var images = ml.Data.LoadFromEnumerable(
            from file in Directory.EnumerateFiles($"{data}/images", "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal) // in the same order on all machines
            select new { ImagePath = file, Label = Directory.GetParent(file)!.Name });
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
            .Append(ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
            {
                Workers = workers,
                BatchSize = 256, // of all workers together
                CheckpointFolder = $"{data}/checkpoints",
                MetricsCallback = Console.WriteLine, // on the first worker only
            }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(images);
        if (workers.Rank == 0)
            ml.Model.Save(model, images.Schema, $"{data}/model.zip");
        #endregion
    }
}
