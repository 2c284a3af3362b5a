using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How a model came about, for people to read in its file.</summary>
internal static class TrainingFacts
{
    public static JsonObject Of(SamTrainerOptions options, int seed, int rows, TrainingSummary summary) => new()
    {
        ["Sharpness"] = Describe(options.Sharpness),
        ["Optimizer"] = Describe(options.Optimizer),
        ["Schedule"] = Describe(options.Schedule),
        ["RhoSchedule"] = Describe(options.RhoSchedule),
        ["PerturbedWeights"] = Describe(options.PerturbedWeights),
        ["ParameterGroups"] = new JsonArray([.. options.ParameterGroups.Select(Describe)]),
        ["ExampleWeightColumnName"] = options.ExampleWeightColumnName,
        ["ClassWeights"] = Describe(options.ClassWeights),
        ["BalanceClassWeights"] = options.BalanceClassWeights,
        ["WeightAverage"] = Describe(options.WeightAverage),
        ["BatchSize"] = options.BatchSize,
        ["MicroBatch"] = options.MicroBatch,
        ["RowsPerPass"] = options.RowsPerPass,
        ["FreezeBackboneEpochs"] = options.FreezeBackboneEpochs,
        ["LabelSmoothing"] = options.LabelSmoothing,
        ["ClipNorm"] = options.ClipNorm,
        ["FreshMasks"] = options.FreshMasks,
        ["Seed"] = seed,
        ["Rows"] = rows,
        ["Epochs"] = summary.Epochs,
        ["BestEpoch"] = summary.BestEpoch,
    };

    static JsonNode? Describe<T>(T record) => RecordJson.Describe(record, typeof(T));
}
