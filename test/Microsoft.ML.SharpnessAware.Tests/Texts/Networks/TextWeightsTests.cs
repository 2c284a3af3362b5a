namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Text networks that start from a file of weights with their own names.</summary>
[TestClass]
public class TextWeightsTests
{
    static readonly TextShape Shape = new(Vocabulary: 20, MaxLength: 8, PadId: 0);

    readonly string _folder = Directory.CreateTempSubdirectory("TextWeights").FullName;

    static IEnumerable<object[]> Networks => [[new BagOfEmbeddings(Width: 4)], [new TextCnn(Width: 4, FeatureMaps: 3)], [new TextTransformer(Layers: 1, Width: 8, Heads: 2, FeedForward: 8)], [new BertEncoder { Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, MaxPositions = 8 }]];

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Weights_of_the_same_network_are_all_read(TextNetwork network)
    {
        using var scope = NewDisposeScope();
        using var trained = network.Build(Shape, classes: 3);
        var started = network with { Weights = Write(trained) };
        List<string> log = [];

        using var read = started.Build(Shape, classes: 3, log.Add);

        foreach (var (name, weights) in trained.state_dict())
            CollectionAssert.AreEqual(weights.bytes.ToArray(), read.state_dict()[name].bytes.ToArray(), name);
        Assert.AreEqual($"Read {trained.state_dict().Count} tensors from '{started.Weights}'.", log.Single());
        Assert.AreEqual(network, started.WithoutFiles);
        Assert.IsTrue(((ITrainableNetwork)started).StartsTrained);
    }

    [TestMethod]
    public void Last_layer_of_other_classes_starts_fresh_and_another_vocabulary_is_refused()
    {
        using var scope = NewDisposeScope();
        var network = new TextCnn(Width: 4, FeatureMaps: 3);
        using var trained = network.Build(Shape, classes: 3);
        var started = network with { Weights = Write(trained) };
        List<string> log = [];

        started.Build(Shape, classes: 5, log.Add).Dispose();
        var error = Assert.Throws<InvalidOperationException>(() => started.Build(Shape with { Vocabulary = 21 }, classes: 3));

        Assert.EndsWith(" starts fresh: the file's is for 3 classes, not 5.", log.Single());
        Assert.Contains("cannot be used", error.Message);
        Assert.Contains("([20, 4] instead of [21, 4])", error.Message);
    }

    [TestMethod]
    public void Network_of_a_user_starts_from_its_file_and_the_model_does_not_name_it()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.KeyedRows(ml);
        using var first = TinyText.Trainer(ml, options => options.Network = new FirstWord()).Fit(rows);
        string file = null!;
        using (var scope = NewDisposeScope())
            ((IMeasurable)first).Classifier.Read(network => file = Write(network));

        using var second = TinyText.Trainer(ml, options => (options.Network, options.Epoch, options.Optimizer) = (new FirstWord { Weights = file }, 1, new Sgd(LearningRate: 0))).Fit(rows);

        var (expected, actual) = (SamImageTransformerTests.Scores(first, rows), SamImageTransformerTests.Scores(second, rows));
        for (var i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
        Assert.DoesNotContain(_folder, System.Text.Encoding.UTF8.GetString(SavedModel.Entry(SavedModel.Of(ml, second, rows.Schema), "Model.json")));
    }

    string Write(nn.Module network)
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        using var file = File.Create(path);
        SafeTensors.Write(file, network.state_dict());
        return path;
    }
}
