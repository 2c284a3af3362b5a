using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The optional third column: what comes to the network's last layer.</summary>
[TestClass]
public class EmbeddingColumnTests
{
    // Batches of other sizes may be summed in another order.
    const double Tolerance = 1e-5;

    [TestMethod]
    public void Schema_is_promised_and_delivered_for_images()
    {
        var ml = new MLContext(seed: 1);
        var trainer = TinyTraining.Trainer(ml, options => options.EmbeddingColumnName = "Vector");
        var rows = Pictures.KeyedRows(ml);
        using var model = trainer.Fit(rows);
        AssertSchema(trainer, model, rows, size: 64);
    }

    [TestMethod]
    public void Schema_is_promised_and_delivered_for_texts()
    {
        var ml = new MLContext(seed: 1);
        var trainer = TinyText.Trainer(ml, options => options.EmbeddingColumnName = "Vector");
        var rows = Sentences.KeyedRows(ml);
        using var model = trainer.Fit(rows);
        AssertSchema(trainer, model, rows, size: 8);
        Assert.HasCount(12, Vectors(model.Transform(rows)));
    }

    [TestMethod]
    public void Score_is_what_the_last_layer_makes_of_the_embedding()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var scored = model.Transform(Pictures.Rows(ml));

        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var weights = SafeTensors.Read(new MemoryStream(SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors")));
        var vectors = Vectors(scored);
        var logits = nn.functional.linear(tensor(vectors.SelectMany(vector => vector).ToArray(), [12, 64]), weights["fc.weight"], weights["fc.bias"]);

        Near.Equal(Doubles(nn.functional.softmax(logits, dim: 1).data<float>().ToArray()), Doubles([.. scored.GetColumn<float[]>("Score").SelectMany(score => score)]), Tolerance);
        Assert.AreNotEqual(vectors[0][0], vectors[1][0]);
    }

    [TestMethod]
    public void PredictionEngine_and_the_loaded_model_give_the_embeddings_of_Transform()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var expected = Vectors(model.Transform(Pictures.Rows(ml)));
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, VectorAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model));
        using var loadedEngine = ml.Model.CreatePredictionEngine<PictureOnly, VectorAnswer>(loaded);

        for (var i = 0; i < expected.Length; i++)
        {
            var picture = new PictureOnly { Image = Pictures.Png(i) };
            var answer = engine.Predict(picture);
            Near.Equal(Doubles(expected[i]), Doubles(answer.Vector), Tolerance);
            CollectionAssert.AreEqual(answer.Vector, loadedEngine.Predict(picture).Vector);
            Assert.HasCount(3, answer.Score);
        }
    }

    [TestMethod]
    public void Three_columns_cost_one_forward_pass_and_the_embedding_can_be_asked_for_alone()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.Network = new CountingNetwork());
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, VectorAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });
        CountingNetwork.BatchSizes.Clear();

        Assert.HasCount(64, engine.Predict(new PictureOnly { Image = Pictures.Png(0) }).Vector);
        CollectionAssert.AreEqual(new long[] { 1 }, CountingNetwork.BatchSizes.ToArray());

        CountingNetwork.BatchSizes.Clear();
        Assert.HasCount(12, Vectors(model.Transform(Pictures.Rows(ml))));
        CollectionAssert.AreEqual(new long[] { 4, 8 }, CountingNetwork.BatchSizes.ToArray());
    }

    [TestMethod]
    public void Images_that_are_skipped_have_embeddings_of_NaN()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml, options => options.BadImages = BadImagePolicy.Skip);
        var rows = Pictures.RowsOf(i => new PictureOnly { Image = i == 1 ? [1, 2, 3] : Pictures.Png(i) })(ml, 3);

        var vectors = Vectors(model.Transform(rows));

        Assert.IsTrue(vectors[1].All(float.IsNaN));
        Assert.IsTrue(vectors[0].Concat(vectors[2]).All(float.IsFinite));
    }

    [TestMethod]
    public void Models_without_the_column_have_none()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml).Fit(Pictures.KeyedRows(ml));
        Assert.IsNull(model.Transform(Pictures.Rows(ml)).Schema.GetColumnOrNull("Vector"));
        Assert.DoesNotContain("\"Embedding\":", System.Text.Encoding.UTF8.GetString(SavedModel.Entry(SavedModel.Of(ml, model), "Model.json")));
    }

    [TestMethod]
    public void Embeddings_of_another_size_than_the_file_says_are_an_error()
    {
        var ml = new MLContext(seed: 1);
        using var model = Train(ml);
        var damaged = SavedModel.With(SavedModel.Of(ml, model), "Model.json", json => System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(json).Replace("\"Size\": 64", "\"Size\": 63")));
        using var engine = ml.Model.CreatePredictionEngine<PictureOnly, VectorAnswer>(SavedModel.Load(ml, damaged));

        var error = Assert.Throws<InvalidOperationException>(() => engine.Predict(new PictureOnly { Image = Pictures.Png(0) }));
        Assert.AreEqual("The model's file says that its embeddings have 63 numbers, but its network's have 64. Save the model again.", error.Message);
    }

    [TestMethod]
    public void Networks_without_such_a_layer_are_refused_before_they_are_trained()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Train(new MLContext(seed: 1), options =>
        {
            options.Network = new Unnamed();
            options.Progress = new Never();
        }));
        Assert.StartsWith("The network Sequential cannot be divided before its last layer: it has no layer 'fc', but '0', '1'.", error.Message);
    }

    static void AssertSchema(IEstimator<ITransformer> trainer, ITransformer model, IDataView rows, int size)
    {
        var promised = SchemaText.Of(trainer.GetOutputSchema(SchemaText.Shape(rows.Schema)));
        var delivered = model.Transform(rows).Schema;
        Assert.AreEqual(promised, SchemaText.Of(SchemaText.Shape(delivered)));
        Assert.AreEqual("Vector", delivered[delivered.Count - 1].Name);
        Assert.AreEqual(new VectorDataViewType(NumberDataViewType.Single, size), delivered["Vector"].Type);
        Assert.AreEqual(SchemaText.Of(delivered), SchemaText.Of(model.GetOutputSchema(rows.Schema)));
    }

    static SamImageTransformer Train(MLContext ml, Action<SamImageTrainer.Options>? change = null) => TinyTraining.Trainer(ml, options =>
    {
        options.EmbeddingColumnName = "Vector";
        change?.Invoke(options);
    }).Fit(Pictures.KeyedRows(ml));

    static float[][] Vectors(IDataView scored) => [.. scored.GetColumn<float[]>("Vector")];

    static double[] Doubles(float[] values) => Array.ConvertAll(values, value => (double)value);

    sealed record Unnamed : ImageNetwork
    {
        public override int DefaultSize => 8;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(nn.Flatten(), nn.Linear(input.Channels * input.Height * input.Width, classes));
    }

    sealed class Never : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => Assert.Fail("it trains");
    }

    sealed class VectorAnswer
    {
        public float[] Score { get; set; } = [];

        public float[] Vector { get; set; } = [];
    }
}
