using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A program whose pipeline has another trainer after ours.</summary>
[TestClass]
public class EmbeddingFeaturesProgramTests
{
    [TestMethod]
    public void Another_trainer_learns_from_the_embeddings_and_the_network_runs_once()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Rows(ml, 24);
        var warnings = new List<string>();
        ml.Log += (_, line) =>
        {
            if (line.Kind == Runtime.ChannelMessageKind.Warning)
                warnings.Add(line.Message);
        };
        var options = TinyTraining.Options(options => (options.Network, options.EmbeddingColumnName, options.Epoch) = (new CountingNetwork(), "Embedding", 2));

        #region features
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.SamImage(options)) // with EmbeddingColumnName = "Embedding"
            .AppendCacheCheckpoint(ml) // without it, the network runs for every pass of the next trainer
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Label", "Embedding"))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        #endregion

        var alone = ImagesOf(() => ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamImage(options)).Fit(rows));
        var together = ImagesOf(() => pipeline.Fit(rows));

        Assert.AreEqual(24, together - alone);
        Assert.IsEmpty(warnings);
        Assert.HasCount(24, pipeline.Fit(rows).Transform(rows).GetColumn<string>("PredictedLabel").ToArray());
    }

    static long ImagesOf(Action fit)
    {
        CountingNetwork.BatchSizes.Clear();
        fit();
        return CountingNetwork.BatchSizes.Sum();
    }
}
