using System.Text.Json;
using System.Text.Json.Nodes;

namespace MlnetSam;

/// <summary>A run as JSON: what was trained on what, how, and what came of it.</summary>
static class RunJson
{
    public static string Of(ModelRun run) => new JsonObject
    {
        ["Tool"] = $"mlnet-sam {ThisTool.Version}",
        ["Scenario"] = run.Task is ImageTask ? "ImageClassification" : "TextClassification",
        ["Started"] = run.Started,
        ["TrainingSeconds"] = Math.Round(run.TrainingTime.TotalSeconds, 1),
        ["Stopped"] = run.Stopped,
        ["Device"] = run.Settings.Device.ToString(),
        ["Data"] = Data(run),
        ["Options"] = Options(run.Options),
        ["Settings"] = TrainedPart.Of(run.Model).Classifier.Training.DeepClone(),
        ["Epochs"] = Node(run.Epochs),
        ["Test"] = Test(run),
    }.ToJsonString(RecordJson.Options);

    static JsonObject Data(ModelRun run) => new()
    {
        ["Dataset"] = Path.GetFullPath(run.Task.Dataset),
        ["TestDataset"] = run.Task.TestDataset is { } test ? Path.GetFullPath(test) : null,
        ["Columns"] = run.Task is TextTask task ? Node(task.Columns.Select(column => column.Name)) : null,
        ["Classes"] = Node(run.Data.Classes),
    };

    // As C#, the way that Name.training.cs has them.
    static JsonObject Options(SamTrainerOptions options)
    {
        var changed = new JsonObject();
        foreach (var (name, value) in CSharpValue.ChangedIn(options))
            changed[name] = value;
        return changed;
    }

    static JsonObject Test(ModelRun run) => new()
    {
        ["MicroAccuracy"] = run.Metrics.MicroAccuracy,
        ["MacroAccuracy"] = run.Metrics.MacroAccuracy,
        ["LogLoss"] = Node(run.Metrics.LogLoss),
        // A row for each true class, a column for each predicted one, in this order.
        ["Classes"] = Node(TrainedPart.Of(run.Model).Classifier.Classes.Names),
        ["ConfusionMatrix"] = Node(run.Metrics.ConfusionMatrix.Counts),
    };

    static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, RecordJson.Options);
}
