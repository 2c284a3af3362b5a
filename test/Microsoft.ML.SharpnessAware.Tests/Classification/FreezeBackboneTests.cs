namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Fit with epochs in which the last layer alone is trained.</summary>
[TestClass]
public class FreezeBackboneTests
{
    const string Untrained = "so that the layers to be frozen have learned nothing. Give the network trained weights, or set FreezeBackboneEpochs to 0.";

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)] // in a file
    public void Fit_of_images_leaves_all_but_the_last_layer_as_the_file_has_it(int megabytes)
    {
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(new CifarResNet(8), new ImageShape(1, 8, 8), classes: 5);
        var ml = new MLContext();
        var log = SamImageTrainerTests.Log(ml);

        using var model = TinyTraining.Trainer(ml, options =>
        {
            options.Network = file.Reader;
            options.FreezeBackboneEpochs = int.MaxValue;
            options.Epoch = 3;
            options.ValidationSetFraction = 0.25f;
            options.CacheMegabytes = megabytes;
        }).Fit(Pictures.KeyedRows(ml));

        foreach (var (name, values) in Weights(ml, model))
            Assert.AreEqual(!name.StartsWith("fc."), values.shape.SequenceEqual(file.Tensors[name].shape) && values.eq(file.Tensors[name]).all().ToBoolean(), name);
        Assert.IsTrue(log.Any(line => line.StartsWith("All epochs train the last layer alone, 'fc', on what the layers before make of 12 rows")));
        Assert.IsFalse(log.Any(line => line.Contains(Untrained)));
    }

    [TestMethod]
    public void Fit_of_texts_leaves_all_but_the_last_layer_as_it_is()
    {
        using var scope = NewDisposeScope();
        var ml = new MLContext();
        Dictionary<string, Tensor> Trained(int frozen, double learningRate)
        {
            using var model = TinyText.Trainer(ml, options =>
            {
                options.FreezeBackboneEpochs = frozen;
                options.Optimizer = new AdamW(LearningRate: learningRate);
            }).Fit(Sentences.KeyedRows(ml));
            return Weights(ml, model);
        }
        var fresh = Trained(frozen: 0, learningRate: 0);

        foreach (var (name, values) in Trained(frozen: 1, learningRate: 0.1))
            Assert.AreEqual(!name.StartsWith("head.output."), values.eq(fresh[name]).all().ToBoolean(), name);
    }

    [TestMethod]
    public void Fit_then_trains_the_whole_network_and_goes_on_from_a_checkpoint()
    {
        var folder = Directory.CreateTempSubdirectory("Frozen").FullName;
        byte[] Fit(Action<SamImageTrainer.Options> change)
        {
            var ml = new MLContext();
            using var model = TinyTraining.Trainer(ml, options =>
            {
                (options.FreezeBackboneEpochs, options.Epoch, options.ValidationSetFraction) = (1, 3, 0.25f);
                change(options);
            }).Fit(Pictures.KeyedRows(ml));
            return SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors");
        }
        try
        {
            var unbroken = Fit(_ => { });
            foreach (var stop in new[] { 1, 2, 3 })
            {
                using var source = new CancellationTokenSource();
                Assert.Throws<OperationCanceledException>(() => Fit(options =>
                {
                    (options.CheckpointFolder, options.CancellationToken) = (Path.Combine(folder, $"{stop}"), source.Token);
                    options.Progress = new At(stop, source);
                }));
                CollectionAssert.AreEqual(unbroken, Fit(options => options.CheckpointFolder = Path.Combine(folder, $"{stop}")), $"stopped after step {stop}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [TestMethod]
    public void Fit_warns_where_the_frozen_layers_have_learned_nothing()
    {
        var ml = new MLContext();
        var log = SamImageTrainerTests.Log(ml);

        TinyTraining.Trainer(ml, options => options.FreezeBackboneEpochs = 1).Fit(Pictures.KeyedRows(ml)).Dispose();

        Assert.Contains($"FreezeBackboneEpochs is 1, but CifarResNet {{ Depth = 8 }} starts from fresh weights, {Untrained}", log);
    }

    static Dictionary<string, Tensor> Weights(MLContext ml, ITransformer model) => SafeTensors.Read(new MemoryStream(SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors")));

    sealed class At(int step, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress)
        {
            if ((progress.Epoch - 1) * progress.Batches + progress.Batch == step)
                source.Cancel();
        }
    }
}
