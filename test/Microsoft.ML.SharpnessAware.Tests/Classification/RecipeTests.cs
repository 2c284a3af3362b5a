namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What is chosen where options are left null.</summary>
[TestClass]
public class RecipeTests
{
    static readonly Recipe Chosen = new()
    {
        Optimizer = new Sgd(0.3),
        Schedule = new LinearSchedule(),
        BatchSize = 7,
        Epoch = 9,
        FreezeBackboneEpochs = 4,
        HeadOptimizer = new Sgd(0.5),
    };

    [TestMethod]
    public void Recipe_names_options_of_the_same_type()
    {
        foreach (var setting in typeof(Recipe).GetProperties())
        {
            var option = typeof(SamTrainerOptions).GetField(setting.Name);
            Assert.IsNotNull(option, setting.Name);
            Assert.AreEqual(setting.PropertyType, Nullable.GetUnderlyingType(option.FieldType) ?? option.FieldType, setting.Name);
        }
    }

    [TestMethod]
    public void In_fills_what_is_null_and_leaves_the_original_alone()
    {
        var options = new SamImageTrainer.Options();

        var filled = Chosen.For(options).In(options);

        foreach (var setting in typeof(Recipe).GetProperties())
        {
            Assert.AreEqual(setting.GetValue(Chosen), typeof(SamTrainerOptions).GetField(setting.Name)!.GetValue(filled), setting.Name);
            Assert.IsNull(typeof(SamTrainerOptions).GetField(setting.Name)!.GetValue(options), setting.Name);
        }
    }

    [TestMethod]
    public void For_takes_what_options_give()
    {
        var given = new SamImageTrainer.Options { Optimizer = new AdamW(), Schedule = new ConstantSchedule(), BatchSize = 3, Epoch = 2, FreezeBackboneEpochs = 1, HeadOptimizer = new Sgd(0.7) };

        var recipe = Chosen.For(given);

        Assert.AreEqual(new Recipe { Optimizer = new AdamW(), Schedule = new ConstantSchedule(), BatchSize = 3, Epoch = 2, FreezeBackboneEpochs = 1, HeadOptimizer = new Sgd(0.7) }, recipe);
        Assert.IsNull(recipe.ChosenIn(given));
    }

    [TestMethod]
    public void Optimizer_that_is_given_is_that_of_the_last_layer_too() =>
        Assert.IsNull(Chosen.For(new SamImageTrainer.Options { Optimizer = new Sgd() }).HeadOptimizer);

    [TestMethod]
    public void Epochs_that_are_given_are_of_all_layers_where_these_are_trained_without_and_else_of_the_last()
    {
        var given = new SamImageTrainer.Options { Epoch = 5 };

        Assert.AreEqual(0, Chosen.For(given).FreezeBackboneEpochs);
        Assert.AreEqual(5, (Chosen with { FreezeBackboneEpochs = Chosen.Epoch }).For(given).FreezeBackboneEpochs);
    }

    [TestMethod]
    [DataRow("cpu", 5)]
    [DataRow("cuda", 0)]
    public void Number_of_epochs_does_not_unfreeze_photographs_on_the_CPU(string device, int frozen)
    {
        var recipe = ImageRecipes.For(new DnnImageFeaturizerResNet18(), new ImageShape(3, 224, 224), rows: 100, batchSize: null, new Device(device));

        Assert.AreEqual((5, frozen), (recipe.For(new SamImageTrainer.Options { Epoch = 5 }).Epoch, recipe.For(new SamImageTrainer.Options { Epoch = 5 }).FreezeBackboneEpochs));
    }

    [TestMethod]
    public void ChosenIn_tells_what_was_left_open() =>
        Assert.AreEqual(
            "Schedule = LinearSchedule { EndFactor = 0 }, BatchSize = 7, Epoch = 9, FreezeBackboneEpochs = 4",
            Chosen.For(new SamImageTrainer.Options { Optimizer = new Sgd() }).ChosenIn(new SamImageTrainer.Options { Optimizer = new Sgd() }));

    [TestMethod]
    [DataRow(8, "CifarResNet { Depth = 20 }")]
    [DataRow(28, "CifarResNet { Depth = 20 }")]
    [DataRow(64, "CifarResNet { Depth = 20 }")]
    [DataRow(65, "ResNet18 { Stem = ImageNet }")]
    [DataRow(224, "ResNet18 { Stem = ImageNet }")]
    public void Network_suits_the_size_of_the_images(int size, string network)
    {
        Assert.AreEqual(network, $"{ImageRecipes.NetworkFor(new ImageShape(3, size, 8))}");
        Assert.AreEqual(network, $"{ImageRecipes.NetworkFor(new ImageShape(1, 8, size))}");
    }

    [TestMethod]
    [DataRow(50, 32, 10, 0.01, 200)]
    [DataRow(500, 32, 10, 0.01, 60)]
    [DataRow(500, 64, 10, 0.01, 15)]
    [DataRow(2000, 32, 20, 0.02, 15)]
    [DataRow(60_000, 32, 128, 0.128, 10)]
    public void Fresh_weights_see_as_many_images_as_take_minutes(int rows, int size, int batch, double learningRate, int epochs)
    {
        var recipe = ImageRecipes.For(new CifarResNet(20), new ImageShape(3, size, size), rows, batchSize: null, CPU);

        Assert.AreEqual((batch, epochs, 0), (recipe.BatchSize, recipe.Epoch, recipe.FreezeBackboneEpochs));
        Assert.AreEqual(new Sgd(learningRate), recipe.Optimizer);
    }

    [TestMethod]
    public void Learning_rate_follows_the_batch_size_that_is_given() =>
        Assert.AreEqual(new Sgd(0.05), ImageRecipes.For(new CifarResNet(20), new ImageShape(3, 32, 32), rows: 100, batchSize: 50, CPU).Optimizer);

    [TestMethod]
    [DataRow(100, 20, 2.0)]
    [DataRow(500, 6, 0.6)]
    [DataRow(2000, 3, 0.3)]
    public void Trained_text_encoders_see_few_rows_more_often(int rows, int epochs, double warmup)
    {
        var recipe = TextRecipes.For(new BertEncoder { HiddenSize = 384, Heads = 12, OnnxFile = "model.onnx" }, rows, epochs: null);

        Assert.AreEqual((epochs, 16, 0), (recipe.Epoch, recipe.BatchSize, recipe.FreezeBackboneEpochs));
        Assert.AreEqual(new AdamW(1e-4), recipe.Optimizer);
        Near.Equal([warmup], [((WarmupSchedule)recipe.Schedule).Epochs], 1e-12);
        Assert.AreEqual(new AdamW(3e-5), TextRecipes.For(new BertEncoder { Folder = "bert" }, rows, epochs: null).Optimizer);
    }

    [TestMethod]
    public void Photographs_train_on_the_CPU_without_options_and_the_log_says_with_what()
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, message) => log.Add(message.RawMessage);
        var photographs = Pictures.KeyedRows(ml, 12, size: 100);
        var options = new SamImageTrainer.Options { FeatureColumnName = "Image", MetricsCallback = metrics => metrics.Stop() };

        using var model = ml.MulticlassClassification.Trainers.SamImage(options).Fit(photographs);

        Assert.ContainsSingle(line => line == "11 images to train on and 1 to validate on, as ImageShape { Channels = 1, Height = 64, Width = 64 }.", log);
        Assert.ContainsSingle(line => line == "Network is left open: CifarResNet { Depth = 20 } suits images of up to 64×64 pixels. On the CPU larger ones are scaled to that; give Network, or ImageShape, for another size.", log);
        Assert.ContainsSingle(line => line == "Chosen for CifarResNet { Depth = 20 } and 11 rows: Optimizer = Sgd { LearningRate = 0.01, Nesterov = False, Momentum = 0.9, WeightDecay = 0.0005 }, Schedule = CosineSchedule { EndFactor = 0 }, BatchSize = 10, Epoch = 200.", log);
    }

    [TestMethod]
    public void Run_of_one_MLContext_seed_repeats_without_options()
    {
        CollectionAssert.AreEqual(Scores(), Scores());

        static float[] Scores()
        {
            var ml = new MLContext(seed: 1);
            var rows = Pictures.KeyedRows(ml);
            using var model = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", MetricsCallback = metrics => metrics.Stop() }).Fit(rows);
            return [.. SamImageTransformerTests.Scores(model, rows).SelectMany(scores => scores)];
        }
    }
}
