using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Models for images, trained, saved, loaded, exported, and then in ONNX Runtime.</summary>
[TestClass]
public sealed class ImageOnnxTests : IDisposable
{
    // Both compute in float32.
    const double Tolerance = 1e-6;
    const double EmbeddingTolerance = 1e-5;

    readonly string _folder = Directory.CreateTempSubdirectory("Onnx").FullName;

    static Dictionary<string, Func<MLContext, IDataView>> Columns { get; } = new()
    {
        ["encoded images"] = ml => Pictures.Rows(ml),
        ["MLImage"] = ml => Pictures.RowsOf(i => new DecodedRow { Image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i))), Label = $"{i % 3}" })(ml, 12),
        ["pixels"] = ml => Pictures.RowsOf(i => new PixelRow { Image = [.. Bytes(i).Select(pixel => pixel / 16f)], Label = $"{i % 3}" })(ml, 12),
    };

    static IEnumerable<object[]> Kinds =>
    [
        .. Columns.Keys.Select(column => new object[] { column, "" }),
        ["encoded images", "half precision"],
        ["encoded images", "flip and shift"],
        ["pixels", "flip"],
    ];

    string File => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Scores_labels_and_embeddings_are_those_of_the_loaded_model(string column, string kind)
    {
        var ml = new MLContext(seed: 1);
        var rows = Columns[column](ml);
        using var trained = (IDisposable)TinyTraining.Pipeline(ml, options =>
        {
            options.EmbeddingColumnName = "Vector";
            options.TestTimeAugmentation = kind switch { "flip" => new(), "flip and shift" => new(Shift: 2), _ => null };
            options.HalfPrecisionWeights = kind == "half precision";
        }).Fit(rows);
        var loaded = SavedModel.Load(ml, SavedModel.Of(ml, (ITransformer)trained));

        SamImage(loaded).ExportToOnnx(File);

        using var onnx = new OnnxModel(System.IO.File.ReadAllBytes(File));
        using var scope = NewDisposeScope();
        var images = column == "pixels"
            ? tensor(Enumerable.Range(0, 12).SelectMany(i => Bytes(i).Select(pixel => pixel / 16f)).ToArray(), [12, 1, 8, 8])
            : tensor(Enumerable.Range(0, 12).SelectMany(Bytes).ToArray(), [12, 1, 8, 8]);
        var scored = loaded.Transform(rows);
        Near.Equal(Doubles(scored.GetColumn<float[]>("Score")), onnx.Numbers("Score", ("images", images)), Tolerance);
        Near.Equal(Doubles(scored.GetColumn<float[]>("Vector")), onnx.Numbers("Vector", ("images", images)), EmbeddingTolerance);
        var classes = JsonSerializer.Deserialize<string[]>(onnx.Metadata["classes"])!;
        CollectionAssert.AreEqual(scored.GetColumn<string>("PredictedLabel").ToArray(), onnx.Run<long>("PredictedLabel", ("images", images)).Select(index => classes[index]).ToArray());
        Near.Equal(Doubles(scored.GetColumn<float[]>("Score").Take(1)), onnx.Numbers("Score", ("images", images.narrow(0, 0, 1).contiguous())), Tolerance);
    }

    [TestMethod]
    public void File_says_what_goes_in_and_out_and_what_the_model_is()
    {
        using var model = Train(options => options.EmbeddingColumnName = "Vector");
        model.ExportToOnnx(File, new OnnxExportOptions { Opset = 12 });

        using var onnx = new OnnxModel(System.IO.File.ReadAllBytes(File));

        string[] signature = ["images UInt8 [N, 1, 8, 8]", "Score Float [N, 3]", "PredictedLabel Int64 [N]", "Vector Float [N, 64]"];
        CollectionAssert.AreEqual(signature, onnx.Signature);
        CollectionAssert.AreEqual(new[] { "across", "down", "plain" }, JsonSerializer.Deserialize<string[]>(onnx.Metadata["classes"]));
        Assert.AreEqual(new CifarResNet(8), RecordJson.Read<ImageNetwork>(onnx.Metadata["network"]));
        Assert.AreEqual(new ImageShape(1, 8, 8), RecordJson.Read<ImageShape>(onnx.Metadata["shape"]));
        Assert.AreEqual(LibraryVersion.Text, onnx.Metadata["library"]);
        Assert.AreEqual(12, Onnx.ModelProto.Parser.ParseFrom(System.IO.File.ReadAllBytes(File)).OpsetImport.Single().Version);
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Classes_without_values_are_numbers()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml).Fit(TestRows.Encoded((TestRows.Grey(9), 1), (TestRows.Grey(99), 2), (TestRows.Grey(200), 3)));
        using var stream = new MemoryStream();

        model.ExportToOnnx(stream);

        using var onnx = new OnnxModel(stream.ToArray());
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, JsonSerializer.Deserialize<string[]>(onnx.Metadata["classes"]));
    }

    [TestMethod]
    public void Network_of_the_users_own_is_exported_where_its_layers_are_known_or_say_their_operators()
    {
        foreach (var network in new ImageNetwork[] { new TwoConvolutions(Width: 4), new WithSquares(HasOperators: true) })
        {
            using var model = Train(options => options.Network = network);
            model.ExportToOnnx(File);

            using var onnx = new OnnxModel(System.IO.File.ReadAllBytes(File));
            using var scope = NewDisposeScope();
            var images = tensor(Enumerable.Range(0, 12).SelectMany(Bytes).ToArray(), [12, 1, 8, 8]);
            Near.Equal(Doubles(model.Transform(Pictures.Rows(new MLContext())).GetColumn<float[]>("Score")), onnx.Numbers("Score", ("images", images)), Tolerance);
        }
    }

    [TestMethod]
    public void Network_with_an_unknown_layer_is_refused_by_that_layers_name_and_leaves_the_file_as_it_was()
    {
        using var model = Train(options => options.Network = new WithSquares(HasOperators: false));
        using var stream = new MemoryStream();
        System.IO.File.WriteAllText(File, "old");

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.ExportToOnnx(File));
        Assert.ThrowsExactly<InvalidOperationException>(() => model.ExportToOnnx(stream));

        Assert.AreEqual("Cannot export the network's layer 'features.square' (UnknownSquare) to ONNX: it has no ONNX operators. Let it implement IOnnxLayer, or build it from layers that have some.", error.Message);
        Assert.AreEqual("old", System.IO.File.ReadAllText(File));
        Assert.HasCount(1, Directory.GetFiles(_folder));
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void Versions_folders_and_models_that_are_not_there_are_errors()
    {
        using var model = Train(options => options.EmbeddingColumnName = "images");
        var missing = Path.Combine(_folder, "missing");

        Assert.StartsWith("Opset must be from 12 to 17, but was 11.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Opset = 11 }).Message);
        Assert.StartsWith("Opset must be from 12 to 17, but was 18.", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new OnnxExportOptions { Opset = 18 }).Message);
        Assert.Contains("its input is called 'images'", Assert.ThrowsExactly<InvalidOperationException>(() => model.ExportToOnnx(File)).Message);
        using var named = Train();
        var error = Assert.ThrowsExactly<DirectoryNotFoundException>(() => named.ExportToOnnx(Path.Combine(missing, "model.onnx")));
        Assert.AreEqual($"Cannot write '{Path.Combine(missing, "model.onnx")}': there is no folder '{missing}'.", error.Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => named.ExportToOnnx((string)null!));
        named.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => named.ExportToOnnx(File));
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    [DataRow("Score")]
    [DataRow("PredictedLabel")]
    public void Embedding_with_the_name_of_another_output_is_refused(string name)
    {
        using var model = Train(options => (options.ScoreColumnName, options.PredictedLabelColumnName, options.EmbeddingColumnName) = ("S", "P", name));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.ExportToOnnx(File));

        Assert.EndsWith($" to ONNX: two columns that it puts out are called '{name}'. Give the embedding another name.", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
    }

    [TestMethod]
    public void File_is_the_same_whatever_libtorchs_default_type_is()
    {
        using var model = Train(options => options.TestTimeAugmentation = new(Shift: 1));
        using var expected = new MemoryStream();
        using var actual = new MemoryStream();
        model.ExportToOnnx(expected);
        set_default_dtype(ScalarType.Float64);
        try
        {
            model.ExportToOnnx(actual);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }

        CollectionAssert.AreEqual(expected.ToArray(), actual.ToArray());
    }

    [TestMethod]
    public void Export_leaves_no_tensor_behind()
    {
        using var model = Train(options => (options.TestTimeAugmentation, options.EmbeddingColumnName) = (new(Shift: 1), "Vector"));
        var before = LiveTensors.Before();

        model.ExportToOnnx(Stream.Null);

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    static SamImageTransformer SamImage(ITransformer model) => ((IEnumerable<ITransformer>)model).OfType<SamImageTransformer>().Single();

    static SamImageTransformer Train(Action<SamImageTrainer.Options>? change = null)
    {
        var ml = new MLContext(seed: 1);
        return TinyTraining.Trainer(ml, change).Fit(Pictures.KeyedRows(ml));
    }

    static byte[] Bytes(int number)
    {
        using var image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(number)));
        return [.. image.Pixels.ToArray().Where((_, i) => i % 4 == 0)];
    }

    static double[] Doubles(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row).Select(x => (double)x)];

    sealed class DecodedRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(8, 8)]
        public MLImage? Image { get; set; }

        public string? Label { get; set; }
    }

    sealed class PixelRow
    {
        [VectorType(64)]
        public float[] Image { get; set; } = [];

        public string? Label { get; set; }
    }

    sealed record WithSquares(bool HasOperators) : ImageNetwork
    {
        public override int DefaultSize => 8;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
            ("features", nn.Sequential(("flatten", nn.Flatten()), ("square", HasOperators ? new Square() : new UnknownSquare()))),
            ("fc", nn.Linear(input.Channels * input.Height * input.Width, classes)));
    }

    sealed class UnknownSquare() : nn.Module<Tensor, Tensor>("square")
    {
        public override Tensor forward(Tensor x) => x * x;
    }

    #region layer
    /// <summary>A layer of your own: x².</summary>
    sealed class Square() : nn.Module<Tensor, Tensor>(nameof(Square)), IOnnxLayer
    {
        public override Tensor forward(Tensor x) => x * x;

        public string AddTo(OnnxGraph graph, string x) => graph.Node("Mul", [x, x]);
    }
    #endregion
}
