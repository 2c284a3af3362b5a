using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace UserProgram;

/// <summary>Programs in which our trainers stand beside ML.NET's, or beside each other.</summary>
[TestClass]
public class OtherTrainersProgramTests
{
    static readonly string[] _weather = ["rain", "wind", "cloud", "storm"];
    static readonly string[] _food = ["bread", "soup", "cheese", "plum"];

    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Our_trainer_and_those_of_other_packages_are_compared_on_the_same_texts()
    {
        var texts = Texts(80);
        var numbers = _ml.Transforms.Text.FeaturizeText("Features", "Text");
        var trainers = _ml.MulticlassClassification.Trainers;
        var pipelines = new Dictionary<string, IEstimator<ITransformer>>
        {
            ["SamText"] = Trainer(),
            ["FastTree, one against all"] = numbers.Append(trainers.OneVersusAll(_ml.BinaryClassification.Trainers.FastTree(minimumExampleCountPerLeaf: 2))),
            ["LightGbm"] = numbers.Append(trainers.LightGbm(new LightGbmMulticlassTrainer.Options { MinimumExampleCountPerLeaf = 2, NumberOfIterations = 20 })),
            ["Sdca"] = numbers.Append(trainers.SdcaMaximumEntropy()),
        };

        foreach (var (name, pipeline) in pipelines)
        {
            var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(pipeline).Fit(texts);
            var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(Texts(40, first: 80)));
            Assert.IsGreaterThan(0.9, metrics.MicroAccuracy, name);
            (model as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void Two_of_our_models_stand_in_one_chain_and_are_saved_as_one()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Conversion.MapValueToKey("Length"))
            .Append(Trainer(options => (options.ScoreColumnName, options.PredictedLabelColumnName) = ("TopicScore", "Topic")))
            .Append(Trainer(options => (options.LabelColumnName, options.ScoreColumnName, options.PredictedLabelColumnName) = ("Length", "LengthScore", "PredictedLength")))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Topic"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLength"));
        var texts = Texts(80);
        using var model = pipeline.Fit(texts);
        using var file = new MemoryStream();
        _ml.Model.Save(model, texts.Schema, file);

        file.Position = 0;
        var loaded = new MLContext().Model.Load(file, out _);

        var scored = loaded.Transform(texts);
        CollectionAssert.AreEqual(texts.GetColumn<string>("Label").ToArray(), scored.GetColumn<string>("Topic").ToArray());
        CollectionAssert.AreEqual(model.Transform(texts).GetColumn<string>("PredictedLength").ToArray(), scored.GetColumn<string>("PredictedLength").ToArray());
    }

    [TestMethod]
    public void Rows_come_from_a_DataFrame_and_scores_go_into_one()
    {
        var rows = Rows(80, first: 0).ToArray();
        var frame = new DataFrame(new StringDataFrameColumn("Text", rows.Select(row => row.Text)), new StringDataFrameColumn("Label", rows.Select(row => row.Label)));
        using var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(Trainer()).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(frame);

        var scored = model.Transform(frame).ToDataFrame("Text", "PredictedLabel");

        Assert.AreEqual(rows.Length, scored.Rows.Count);
        for (var i = 0; i < rows.Length; i++)
            Assert.AreEqual((rows[i].Text, rows[i].Label), ((string)scored["Text"][i], $"{scored["PredictedLabel"][i]}"));
    }

    SamTextTrainer Trainer(Action<SamTextTrainer.Options>? change = null)
    {
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            Network = new BagOfEmbeddings(),
            Optimizer = new AdamW(0.03),
            Epoch = 10,
            ValidationSetFraction = null,
        };
        change?.Invoke(options);
        return _ml.MulticlassClassification.Trainers.SamText(options);
    }

    IDataView Texts(int count, int first = 0) => _ml.Data.LoadFromEnumerable(Rows(count, first).ToArray());

    static IEnumerable<Row> Rows(int count, int first) => Enumerable.Range(first, count).Select(i =>
    {
        var words = i % 2 == 0 ? _weather : _food;
        var length = 2 + i / 2 % 3;
        return new Row { Text = string.Join(' ', Enumerable.Range(0, length).Select(word => words[(i / 2 + word) % words.Length])), Label = i % 2 == 0 ? "weather" : "food", Length = length > 2 ? "long" : "short" };
    });

    sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public string Length { get; set; } = "";
    }
}
