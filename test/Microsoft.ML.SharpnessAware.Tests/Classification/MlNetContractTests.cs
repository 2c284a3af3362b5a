using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What the estimators lean on in ML.NET and could change with a version of it.</summary>
[TestClass]
public class MlNetContractTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Columns_are_annotated_as_those_of_MlNets_own_trainers()
    {
        SameAsMlNets(i => "abc"[i % 3].ToString());
        SameAsMlNets(i => i % 3 + 0.5f);
    }

    [TestMethod]
    public void Fit_of_a_chain_asks_for_all_columns_before_it_fits_anything()
    {
        var rows = Sentences.Rows(_ml);
        var steps = new List<string>();
        var chain = new Told("first", steps).Append(new Told("second", steps));

        chain.Fit(rows);

        Assert.AreEqual("first promises, second promises, first fits, second fits", string.Join(", ", steps));
    }

    [TestMethod]
    public void Dispose_of_an_engine_disposes_its_transformer_unless_told_otherwise()
    {
        var rows = Sentences.KeyedRows(_ml);
        using var lent = TinyText.Trainer(_ml).Fit(rows);
        var owned = TinyText.Trainer(_ml).Fit(rows);

        _ml.Model.CreatePredictionEngine<SentenceOnly, KeyAnswer>(lent, new PredictionEngineOptions { OwnsTransformer = false }).Dispose();
        var engine = _ml.Model.CreatePredictionEngine<SentenceOnly, KeyAnswer>(owned);
        engine.Dispose();
        engine.Dispose();

        Assert.HasCount(12, lent.Transform(rows).GetColumn<uint>("PredictedLabel").ToArray());
        Assert.Throws<ObjectDisposedException>(() => owned.Transform(rows).GetColumn<uint>("PredictedLabel").ToArray());
    }

    void SameAsMlNets<TLabel>(Func<int, TLabel> label)
    {
        var rows = Pictures.Keyed(_ml, Sentences.RowsOf(i => new { Sentence1 = Sentences.Text(i), X = i % 3f, Y = 1f, Label = label(i) })(_ml, 12));
        rows = _ml.Transforms.Concatenate("Features", "X", "Y").Fit(rows).Transform(rows);
        var theirs = _ml.MulticlassClassification.Trainers.NaiveBayes();
        var ours = TinyText.Trainer(_ml);
        using var model = ours.Fit(rows);

        foreach (var name in new[] { "PredictedLabel", "Score" })
        {
            Assert.AreEqual(Promised(theirs, name), Promised(ours, name));
            Assert.AreEqual(Delivered(theirs.Fit(rows), name), Delivered(model, name));
        }

        string Promised(IEstimator<ITransformer> trainer, string name) =>
            SchemaText.Of(new SchemaShape(trainer.GetOutputSchema(SchemaText.Shape(rows.Schema)).Where(column => column.Name == name)));

        string Delivered(ITransformer transformer, string name)
        {
            var column = transformer.Transform(rows).Schema[name];
            var alone = new DataViewSchema.Builder();
            alone.AddColumn(name, column.Type, column.Annotations);
            return string.Join('\n', SchemaText.Of(alone.ToSchema()).Split('\n').Order(StringComparer.Ordinal));
        }
    }

    sealed class Told(string name, List<string> steps) : IEstimator<ITransformer>
    {
        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            steps.Add($"{name} promises");
            return inputSchema;
        }

        public ITransformer Fit(IDataView input)
        {
            steps.Add($"{name} fits");
            return new MLContext().Transforms.CopyColumns("Copy", "Number").Fit(input);
        }
    }
}
