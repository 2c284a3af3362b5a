using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What ML.NET expects of every estimator.</summary>
[TestClass]
public class EstimatorContractTests
{
    static IEnumerable<object[]> Cases => EstimatorCase.All.Select(estimator => new object[] { estimator });

    [TestMethod]
    public void Every_trainer_of_the_catalog_has_a_case()
    {
        var options = from method in typeof(SharpnessAwareCatalog).GetMethods()
                      from parameter in method.GetParameters()
                      where parameter.ParameterType.IsSubclassOf(typeof(SamTrainerOptions))
                      select parameter.ParameterType;

        CollectionAssert.AreEquivalent(options.ToArray(), EstimatorCase.All.Select(estimator => estimator.Options).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetOutputSchema_promises_what_Transform_delivers(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));

        var promised = SchemaText.Of(trainer.GetOutputSchema(SchemaText.Shape(rows.Schema)));
        var delivered = model.Value.Transform(rows).Schema;

        Assert.AreEqual(promised, SchemaText.Of(SchemaText.Shape(delivered)));
        Golden.Matches($"Classification/{estimator}.schema.txt", SchemaText.Of(delivered));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetRowToRowMapper_has_the_schema_of_Transform(object estimator)
    {
        var (_, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));

        Assert.IsTrue(model.Value.IsRowToRowMapper);
        var expected = SchemaText.Of(model.Value.Transform(rows).Schema);
        Assert.AreEqual(expected, SchemaText.Of(model.Value.GetRowToRowMapper(rows.Schema).OutputSchema));
        Assert.AreEqual(expected, SchemaText.Of(model.Value.GetOutputSchema(rows.Schema)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Load_gives_back_schema_and_scores_bit_for_bit(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));

        var zip = SavedModel.Of(ml, model.Value, rows.Schema);
        using var loaded = Disposable(SavedModel.Load(new MLContext(seed: 5), zip));

        Assert.AreEqual(SchemaText.Of(model.Value.Transform(rows).Schema), SchemaText.Of(loaded.Value.Transform(rows).Schema));
        AreEqual(Scores(model.Value, rows), Scores(loaded.Value, rows));
        CollectionAssert.AreEqual(PredictedKeys(model.Value, rows), PredictedKeys(loaded.Value, rows));
        CollectionAssert.AreEqual(SavedModel.Entry(zip, "Weights.safetensors"), SavedModel.Entry(SavedModel.Of(ml, loaded.Value), "Weights.safetensors"));
        CollectionAssert.AreEqual(SavedModel.Entry(zip, "Model.json"), SavedModel.Entry(SavedModel.Of(ml, loaded.Value), "Model.json"));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Transform_needs_no_label_and_does_not_mind_its_type(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));
        var expected = Scores(model.Value, rows);

        AreEqual(expected, Scores(model.Value, ((EstimatorCase)estimator).RowsWithoutLabel(ml, 12)));
        AreEqual(expected, Scores(model.Value, ((EstimatorCase)estimator).RowsWithTextLabel(ml, 12)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void PredictedLabel_is_the_key_of_the_largest_score(object estimator)
    {
        var (_, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));

        var largest = Scores(model.Value, rows).Select(score => (uint)Array.IndexOf(score, score.Max()) + 1).ToArray();

        CollectionAssert.AreEqual(largest, PredictedKeys(model.Value, rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Scores_are_probabilities(object estimator)
    {
        var (_, trainer, rows) = Start(estimator);
        using var model = Disposable(trainer.Fit(rows));

        foreach (var score in Scores(model.Value, rows))
        {
            Assert.IsTrue(score.All(p => p is >= 0 and <= 1));
            Assert.AreEqual(1, score.Sum(), 1e-5, "softmax in float32");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void GetOutputSchema_and_Fit_refuse_the_same_columns_in_the_same_words(object estimator)
    {
        var (ml, trainer, _) = Start(estimator);
        var errors = new ErrorText();

        foreach (var (what, badRows) in ((EstimatorCase)estimator).BadRows)
            Refuse(what, badRows(ml, 12));

        Golden.Matches($"Classification/{estimator}.columns.txt", errors.ToString());

        void Refuse(string what, IDataView bad)
        {
            errors.Add(what, () => trainer.GetOutputSchema(SchemaText.Shape(bad.Schema)));
            var promise = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaText.Shape(bad.Schema)));
            var fit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(bad));
            Assert.AreEqual(promise.Message, fit.Message);
            Assert.AreEqual(1, fit.Data["ML_IsMarked"], "ML.NET's mark");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void CrossValidate_twice_gives_the_same_metrics(object estimator)
    {
        var (ml, trainer, _) = Start(estimator, seed: null);
        var rows = ((EstimatorCase)estimator).Rows(ml, 18);

        double[] Metrics() => [.. ml.MulticlassClassification.CrossValidate(rows, trainer, numberOfFolds: 2, seed: 3).Select(fold => fold.Metrics.LogLoss)];

        CollectionAssert.AreEqual(Metrics(), Metrics());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_with_the_same_seed_gives_the_same_weights(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);

        CollectionAssert.AreEqual(Weights(ml, trainer, rows), Weights(ml, trainer, rows));
        CollectionAssert.AreEqual(Weights(ml, trainer, rows), Weights(new MLContext(seed: 9), Start(estimator).Trainer, rows), "Seed in the options wins over the context's");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_with_another_seed_gives_other_weights(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator, seed: 1);

        CollectionAssert.AreNotEqual(Weights(ml, trainer, rows), Weights(ml, Start(estimator, seed: 2).Trainer, rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_without_a_seed_takes_the_contexts(object estimator)
    {
        byte[] Trained(int? seed)
        {
            var ml = new MLContext(seed);
            return Weights(ml, ((EstimatorCase)estimator).Create(ml, options => options.Seed = null), ((EstimatorCase)estimator).Rows(ml, 12));
        }

        CollectionAssert.AreEqual(Trained(4), Trained(4));
        CollectionAssert.AreNotEqual(Trained(4), Trained(5));
        CollectionAssert.AreNotEqual(Trained(null), Trained(null));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_leaves_libtorchs_generator_as_it_was(object estimator)
    {
        var (_, trainer, rows) = Start(estimator);
        using var before = torch.random.get_rng_state();

        using (Disposable(trainer.Fit(rows))) { }

        using var after = torch.random.get_rng_state();
        CollectionAssert.AreEqual(before.bytes.ToArray(), after.bytes.ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_after_a_failed_Fit_gives_what_it_gives_without(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);
        var expected = Weights(ml, trainer, rows);

        Assert.Throws<Exception>(() => trainer.Fit(ml.Data.FilterRowsByKeyColumnFraction(rows, "Label", upperBound: 0.1)));

        CollectionAssert.AreEqual(expected, Weights(ml, trainer, rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_on_data_that_cannot_be_learned_from_has_ML_NETs_mark(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(ml.Data.FilterRowsByKeyColumnFraction(rows, "Label", upperBound: 0.1)));

        Assert.AreEqual(1, error.Data["ML_IsMarked"]);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Fit_in_several_threads_at_once_trains_each_model(object estimator)
    {
        var (_, trainer, rows) = Start(estimator);

        Parallel.For(0, 4, _ =>
        {
            using var model = Disposable(trainer.Fit(rows));
            Assert.HasCount(12, Scores(model.Value, rows));
        });
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Dispose_twice_is_fine_and_use_afterwards_says_so(object estimator)
    {
        var (ml, trainer, rows) = Start(estimator);
        var model = trainer.Fit(rows);
        var scored = model.Transform(rows);

        ((IDisposable)model).Dispose();
        ((IDisposable)model).Dispose();

        var errors = new ErrorText()
            .Add("Transform, and read", () => Scores(model, rows))
            .Add("read what was transformed before", () => scored.GetColumn<uint>("PredictedLabel").ToArray())
            .Add("Save", () => SavedModel.Of(ml, model));
        Golden.Matches($"Classification/{estimator}.disposed.txt", errors.ToString());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Balanced_classes_weigh_rows_over_classes_times_rows_of_the_class(object estimator)
    {
        byte[] Trained(int count, Action<SamTrainerOptions> change)
        {
            var (ml, trainer, _) = Start(estimator, change: change);
            return Weights(ml, trainer, ((EstimatorCase)estimator).Rows(ml, count));
        }

        var names = ClassNames(estimator);
        var given = new Dictionary<string, double> { [names[0]] = 10 / (3 * 4.0), [names[1]] = 10 / (3 * 3.0), [names[2]] = 10 / (3 * 3.0) };
        CollectionAssert.AreEqual(Trained(10, options => options.ClassWeights = given), Trained(10, options => options.BalanceClassWeights = true), "4, 3 and 3 rows");
        CollectionAssert.AreNotEqual(Trained(10, _ => { }), Trained(10, options => options.BalanceClassWeights = true));
        CollectionAssert.AreEqual(Trained(12, _ => { }), Trained(12, options => options.BalanceClassWeights = true), "as many rows of each class");
        CollectionAssert.AreEqual(Trained(12, _ => { }), Trained(12, options => options.ClassWeights = names.ToDictionary(name => name, _ => 5.0)), "only ratios matter");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Weights_that_are_none_are_refused_by_name(object estimator)
    {
        void Fit(Action<SamTrainerOptions> change)
        {
            var (_, trainer, rows) = Start(estimator, change: change);
            using var model = Disposable(trainer.Fit(rows));
        }

        var errors = new ErrorText()
            .Add("no such column", () => Fit(options => options.ExampleWeightColumnName = "Weight"))
            .Add("a column of keys", () => Fit(options => options.ExampleWeightColumnName = "Label"))
            .Add("all weights 0", () => Fit(options => options.ClassWeights = ClassNames(estimator).ToDictionary(name => name, _ => 0.0)))
            .Add("weights for classes that there are not", () => Fit(options => options.ClassWeights = new Dictionary<string, double> { ["spam"] = 1, ["eggs"] = 2 }))
            .Add("options", () => Fit(options => (options.ExampleWeightColumnName, options.BalanceClassWeights, options.ClassWeights) = (" ", true, new Dictionary<string, double> { ["a"] = -1, ["b"] = double.NaN })));

        Golden.Matches($"Classification/{estimator}.weights.txt", errors.ToString());
    }

    static string[] ClassNames(object estimator)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        ((EstimatorCase)estimator).Rows(new MLContext(), 12).Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    static (MLContext Ml, IEstimator<ITransformer> Trainer, IDataView Rows) Start(object estimator, int? seed = 1, Action<SamTrainerOptions>? change = null)
    {
        var ml = new MLContext(seed: 1);
        var test = (EstimatorCase)estimator;
        var trainer = test.Create(ml, options =>
        {
            options.Seed = seed;
            change?.Invoke(options);
        });
        return (ml, trainer, test.Rows(ml, 12));
    }

    static float[][] Scores(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<float[]>("Score")];

    static uint[] PredictedKeys(ITransformer model, IDataView rows) => [.. model.Transform(rows).GetColumn<uint>("PredictedLabel")];

    static byte[] Weights(MLContext ml, IEstimator<ITransformer> trainer, IDataView rows)
    {
        using var model = Disposable(trainer.Fit(rows));
        return SavedModel.Entry(SavedModel.Of(ml, model.Value), "Weights.safetensors");
    }

    static void AreEqual(float[][] expected, float[][] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var row = 0; row < expected.Length; row++)
            CollectionAssert.AreEqual(expected[row], actual[row]);
    }

    static Owned Disposable(ITransformer model) => new(model);

    sealed record Owned(ITransformer Value) : IDisposable
    {
        public void Dispose() => (Value as IDisposable)?.Dispose();
    }
}
