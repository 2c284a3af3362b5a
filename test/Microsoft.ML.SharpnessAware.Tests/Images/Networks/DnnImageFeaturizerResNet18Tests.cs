using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>ML.NET's ResNet-18 out of its package, against the package's own files in ONNX Runtime.</summary>
[TestClass]
public class DnnImageFeaturizerResNet18Tests
{
    static readonly string Models = Path.Combine(AppContext.BaseDirectory, "DnnImageModels");

    [TestMethod]
    public void Features_are_those_of_OnnxRuntime()
    {
        using var scope = NewDisposeScope();
        using var module = new DnnImageFeaturizerResNet18().Build(new ImageShape(3, 224, 224), classes: 2);
        module.to(ScalarType.Float64);
        module.eval();
        var images = rand([2, 3, 224, 224], generator: new Generator(1));

        using var tap = new FeatureTap(module, "fc");
        var actual = Near.Numbers(tap.Forward(images.to_type(ScalarType.Float64)).Features);

        var expected = Enumerable.Range(0, 2).SelectMany(i => Near.Numbers(Run("ResNet18Onnx/ResNet18.onnx", Run("ResNetPrepOnnx/ResNetPreprocess.onnx", images[i].unsqueeze(0) * 255))));
        Near.Equal([.. expected], actual, 13 * 1e-5); // float32 there, of numbers up to 13
    }

    [TestMethod]
    public void Build_says_how_the_weights_were_found()
    {
        List<string> log = [];

        using var module = new DnnImageFeaturizerResNet18().Build(new ImageShape(3, 64, 64), classes: 4, log.Add);

        Assert.AreEqual($"Read 111 tensors from '{Path.Combine(Models, "ResNet18Onnx", "ResNet18.onnx")}', found by following its graph. The last layer, 'fc', starts fresh: the file has none. The file lacks 22 counts of batches, on which nothing depends.", log.Single());
    }

    [TestMethod]
    public void Trainer_takes_grey_images_and_the_model_needs_no_file()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Network = new DnnImageFeaturizerResNet18(), ImageShape = new ImageShape(3, 32, 32), Epoch = 1, BatchSize = 6, EmbeddingColumnName = "Embedding" });

        using var model = trainer.Fit(rows);

        var zip = SavedModel.Of(ml, model, rows.Schema);
        Assert.AreEqual(512, ((Data.VectorDataViewType)model.GetOutputSchema(rows.Schema)["Embedding"].Type).Size);
        var (expected, actual) = (SamImageTransformerTests.Scores(model, rows), SamImageTransformerTests.Scores(SavedModel.Load(new MLContext(), zip), rows));
        for (var i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
        Assert.DoesNotContain("DnnImageModels", System.Text.Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json")));
    }

    [TestMethod]
    public void Grey_images_of_any_size_become_photographs()
    {
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, message) => log.Add(message.RawMessage);
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Network = new DnnImageFeaturizerResNet18(), Epoch = 1, FreezeBackboneEpochs = 1 });

        trainer.Fit(Pictures.KeyedRows(ml)).Dispose();

        Assert.ContainsSingle(line => line.EndsWith(" as ImageShape { Channels = 3, Height = 224, Width = 224 }."), log);
    }

    [TestMethod]
    public void Images_of_which_none_can_be_read_are_not_said_to_lack_channels()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.Keyed(ml, Pictures.RowsOf(i => new PictureRow { Label = $"{i % 3}" })(ml, 6));
        var trainer = ml.MulticlassClassification.Trainers.SamImage(featureColumnName: "Image", network: new DnnImageFeaturizerResNet18());

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(rows));

        Assert.StartsWith("The image of row 0 (counting from 0) in column 'Image' cannot be used: it has 0 bytes.", error.Message);
    }

    [TestMethod]
    public void What_is_wrong_is_said_by_name()
    {
        var folder = Directory.CreateTempSubdirectory("ResNet18").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "a"));
        File.Copy(Path.Combine(Models, "ResNet18Onnx", "ResNet18.onnx"), Path.Combine(folder, "a", "ResNet18.onnx"));
        var network = new DnnImageFeaturizerResNet18();
        var photograph = new ImageShape(3, 224, 224);
        var errors = new ErrorText()
            .Add("no file", () => (network with { Weights = Path.Combine(folder, "b", "ResNet18.onnx") }).Build(photograph, 2))
            .Add("no mean image", () => (network with { Weights = Path.Combine(folder, "a", "ResNet18.onnx") }).Build(photograph, 2))
            .Add("one channel", () => network.Build(new ImageShape(1, 224, 224), 2))
            .Add("another size", () => network.Build(new ImageShape(3, 100, 96), 2))
            .Add("in torchvision's network", () => new ResNet18 { Weights = Path.Combine(folder, "a", "ResNet18.onnx") }.Build(photograph, 2))
            .Add("in a deeper network", () => new ResNet34 { Weights = Path.Combine(folder, "a", "ResNet18.onnx") }.Build(photograph, 2))
            .Add("in bottlenecks", () => new ResNet50 { Weights = Path.Combine(folder, "a", "ResNet18.onnx") }.Build(photograph, 2))
            .Add("in a network for small images", () => new CustomResNet(2, 2, 2, 3, Stem: ResNetStem.SmallImage) { Weights = Path.Combine(folder, "a", "ResNet18.onnx") }.Build(photograph, 2));
        Directory.Delete(folder, recursive: true);

        Golden.Matches("Networks/DnnImageFeaturizerErrors.txt", errors.ToString().Replace(folder, "FOLDER").Replace('\\', '/'));
    }

    static Tensor Run(string model, Tensor input)
    {
        using var session = new InferenceSession(Path.Combine(Models, model));
        var values = new OnnxRuntime.Tensors.DenseTensor<float>(input.contiguous().data<float>().ToArray(), [.. input.shape.Select(size => (int)size)]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputMetadata.Keys.Single(), values)]);
        var output = (OnnxRuntime.Tensors.DenseTensor<float>)results.Single().Value;
        return tensor(output.ToArray(), [.. output.Dimensions.ToArray().Select(size => (long)size)]);
    }
}
