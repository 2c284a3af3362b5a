using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Scoring runs the network once for each row, in batches that grow up to 64 rows.</summary>
[TestClass]
[DoNotParallelize]
public class ForwardPassCountTests
{
    const int Size = 4;

    [TestMethod]
    public void Transform_scores_each_row_once_whatever_columns_are_read()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Images(130)));
        CountedLayer.Reset();

        using (var cursor = scored.GetRowCursor(scored.Schema))
        {
            var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
            var label = cursor.GetGetter<uint>(scored.Schema["PredictedLabel"]);
            for (var (scores, predicted) = (default(VBuffer<float>), 0u); cursor.MoveNext(); label(ref predicted))
                score(ref scores);
        }

        Assert.AreEqual((6, 130), (CountedLayer.Passes, CountedLayer.Rows), "passes and rows: batches of 4, 8, 16, 32, 64, and what is left");
    }

    [TestMethod]
    public void Transform_does_not_run_the_network_for_rows_whose_scores_nobody_reads()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Images(130)));
        CountedLayer.Reset();

        Assert.HasCount(130, scored.GetColumn<uint>("Label").ToArray());
        Assert.AreEqual((0, 0), (CountedLayer.Passes, CountedLayer.Rows), "passes and rows");
    }

    [TestMethod]
    public void PredictionEngine_takes_one_pass_for_one_row()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        using var engine = ml.Model.CreatePredictionEngine<Image, Scores>(model);
        CountedLayer.Reset();

        foreach (var image in Images(5))
            engine.Predict(image);

        Assert.AreEqual((5, 5), (CountedLayer.Passes, CountedLayer.Rows), "passes and rows");
    }

    static SamImageTransformer Train(MLContext ml) => ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
    {
        Network = new CountedNetwork(),
        Epoch = 1,
        ValidationSetFraction = null,
    }).Fit(ml.Data.LoadFromEnumerable(Images(8)));

    static Image[] Images(int count) => [.. Enumerable.Range(0, count).Select(i => new Image { Features = [.. Enumerable.Range(0, Size * Size).Select(x => MathF.Sin(i * x))], Label = (uint)i % 2 })];

    sealed class Image
    {
        [VectorType(1, Size, Size)]
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }
    }

    sealed class Scores
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }
}

/// <summary>A network that counts its passes.</summary>
public sealed record CountedNetwork : ImageNetwork
{
    public override int DefaultSize => 4;

    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
        nn.Sequential(("count", new CountedLayer()), ("flatten", nn.Flatten()), ("fc", nn.Linear(input.Channels * input.Height * input.Width, classes)));
}

/// <summary>Passes on what it is given, and counts.</summary>
public sealed class CountedLayer() : nn.Module<Tensor, Tensor>(nameof(CountedLayer))
{
    public static int Passes { get; private set; }

    public static int Rows { get; private set; }

    public static void Reset() => (Passes, Rows) = (0, 0);

    public override Tensor forward(Tensor x)
    {
        Passes++;
        Rows += (int)x.shape[0];
        return x.alias();
    }
}
