using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A network as a user writes it, and what its last layer is good for.</summary>
[TestClass]
public class NetworkFromOutsideTests
{
    readonly string _weights = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");

    [TestCleanup]
    public void DeleteWeights() => File.Delete(_weights);

    [TestMethod]
    public void Network_of_ones_own_trains_saves_and_loads()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => options.Network = new TwoConvolutions(Width: 4)).Fit(Pictures.KeyedRows(ml));

        var zip = SavedModel.Of(ml, model);
        var loaded = SavedModel.Load(new MLContext(), zip);

        CollectionAssert.AreEqual(SamImageTransformerTests.Scores(model, Pictures.Rows(ml))[0], SamImageTransformerTests.Scores(loaded, Pictures.Rows(ml))[0]);
        Assert.Contains("\"$type\": \"Microsoft.ML.SharpnessAware.Tests.TwoConvolutions, Microsoft.ML.SharpnessAware.Tests\"", System.Text.Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json")));
    }

    [TestMethod]
    public void Last_layer_is_trained_alone_then_all_and_the_embedding_comes_along()
    {
        var ml = new MLContext(seed: 1);
        var train = Pictures.KeyedRows(ml);
        WriteWeights();
        var weights = _weights;

        #region fine-tuning
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = new TwoConvolutions { Weights = weights },
            Optimizer = new Sgd(LearningRate: 0.002),
            ParameterGroups = [new ParameterGroup(new WeightsNamed("classifier.*"), new Sgd(LearningRate: 0.02))],
            FreezeBackboneEpochs = 2, // of the 6, the last layer alone, and fast
            Epoch = 6,
            EmbeddingColumnName = "Embedding",
        });
        #endregion

        using var model = trainer.Fit(train);
        var vectors = model.Transform(train).GetColumn<float[]>("Embedding").ToArray();
        Assert.HasCount(12, vectors);
        Assert.HasCount(16, vectors[0]);
    }

    void WriteWeights()
    {
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var module = new TwoConvolutions().Build(new ImageShape(1, 8, 8), classes: 5);
        using var file = File.Create(_weights);
        SafeTensors.Write(file, module.state_dict());
    }
}

#region network
/// <summary>Two convolutions, and one linear layer over the mean of all positions.</summary>
public sealed record TwoConvolutions(int Width = 16) : ImageNetwork
{
    public override int DefaultSize => 32; // pixels, where no ImageShape is given and images are larger

    protected override string LastLayer => "classifier"; // "fc" if not overridden

    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("conv1", nn.Conv2d(input.Channels, Width, 3, padding: 1)),
        ("relu1", nn.ReLU()),
        ("conv2", nn.Conv2d(Width, Width, 3, padding: 1)),
        ("relu2", nn.ReLU()),
        ("pool", nn.AdaptiveAvgPool2d(1)),
        ("flatten", nn.Flatten()),
        ("classifier", nn.Linear(Width, classes)));
}
#endregion
