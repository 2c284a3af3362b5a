using System.Text;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>BERTs whose weights come out of ONNX files.</summary>
[TestClass]
public class BertOnnxTests
{
    // The files' float32 sums are added up in another order there; hidden states are of some 1.
    const double SingleRounding = 1e-4;

    [TestMethod]
    public void Networks_of_the_packages_are_as_their_cards_say()
    {
        BertEncoder expected = new() { Layers = 6, HiddenSize = 384, Heads = 12, IntermediateSize = 1536, Vocabulary = 30522, Pooling = BertPooling.Mean };

        Assert.AreEqual(expected, (BertEncoder)PackagedBert.Encoder(PackagedBert.MiniLM).WithoutFiles);
        Assert.AreEqual(expected with { Pooling = BertPooling.First }, (BertEncoder)PackagedBert.Encoder(PackagedBert.ArcticXs, BertPooling.First).WithoutFiles);
    }

    [TestMethod]
    [DataRow(nameof(PackagedBert.MiniLM), BertPooling.Mean)]
    [DataRow(nameof(PackagedBert.MiniLM), BertPooling.First)]
    [DataRow(nameof(PackagedBert.ArcticXs), BertPooling.First)]
    public void Embeddings_are_those_of_OnnxRuntime(string name, BertPooling pooling)
    {
        var package = name == nameof(PackagedBert.MiniLM) ? PackagedBert.MiniLM : PackagedBert.ArcticXs;
        using var scope = NewDisposeScope();
        var encoder = PackagedBert.Encoder(package, pooling);
        var tokens = encoder.OwnTokenizer!.CreateEncoder([]);
        TokenRow[] rows = [tokens.Encode("Who wrote the Brothers Karamazov ?", null, 32), tokens.Encode("Rain.", "It pours, it pours!", 32), tokens.Encode("", null, 32)];
        using var module = encoder.Build(new TextShape(tokens.VocabularySize, 32, tokens.PadId), classes: 2);
        module.eval();

        using var tap = new FeatureTap(module, "head.output");
        var actual = tap.Forward(PaddedTokens.Of(rows, tokens.PadId)).Features;

        Near.Equal(Pooled(package, rows, tokens.PadId, pooling), Near.Numbers(actual), SingleRounding);
    }

    [TestMethod]
    public void File_and_stream_give_the_same_network_and_the_file_of_other_names_the_same_weights()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var fromFolder = BertEncoder.FromFolder(folder.Path);
        var path = PyTorchExport.In(folder, fromFolder.Heads);

        var fromFile = BertEncoder.FromOnnx(path, folder.In("vocab.txt"));
        using var model = File.OpenRead(path);
        using var vocabulary = File.OpenRead(folder.In("vocab.txt"));
        var fromStream = BertEncoder.FromOnnx(model, vocabulary);

        Assert.AreEqual(fromFile.WithoutFiles, fromStream.WithoutFiles);
        Assert.AreEqual(fromFile.OwnTokenizer, fromStream.OwnTokenizer);
        Assert.AreEqual(fromFolder.WithoutFiles, (fromFile with { Pooling = BertPooling.Pooler, PadId = fromFolder.PadId }).WithoutFiles);
        using var scope = NewDisposeScope();
        var expected = State(fromFolder with { Pooling = BertPooling.Mean });
        foreach (var network in new[] { fromFile, fromStream })
            foreach (var (name, weights) in State(network).Where(weight => !weight.Key.StartsWith("head.")))
                CollectionAssert.AreEqual(expected[name].bytes.ToArray(), weights.bytes.ToArray(), name);
    }

    [TestMethod]
    [DataRow("Double", 0.0)]
    [DataRow("Float16", 1e-3)]
    [DataRow("Bfloat16", 8e-3)]
    public void Weights_of_other_precision_are_converted(string type, double rounding)
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var network = BertEncoder.FromFolder(folder.Path) with { Pooling = BertPooling.Mean };
        using var scope = NewDisposeScope();
        var expected = State(network);

        var actual = State(BertEncoder.FromOnnx(PyTorchExport.In(folder, network.Heads, Enum.Parse<TensorProto.Types.DataType>(type)), folder.In("vocab.txt")));

        foreach (var (name, weights) in actual.Where(weight => !weight.Key.StartsWith("head.")))
            Near.Equal(Near.Numbers(expected[name]), Near.Numbers(weights), rounding, name);
    }

    [TestMethod]
    public void Folder_with_an_ONNX_file_and_a_pooling_is_read_as_it_says()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var expected = BertEncoder.FromFolder(folder.Path);
        using var scope = NewDisposeScope();
        var weights = State(expected);
        PyTorchExport.In(folder, expected.Heads);
        folder.Delete("model.safetensors");
        Directory.CreateDirectory(folder.In("1_Pooling"));

        Assert.AreEqual(BertPooling.Mean, With("""{ "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true }""").Pooling);
        Assert.AreEqual(BertPooling.First, With("""{ "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false }""").Pooling);
        Assert.Contains("has neither pooling_mode_mean_tokens nor pooling_mode_cls_token", Assert.Throws<InvalidOperationException>(() => With("{ \"pooling_mode_max_tokens\": true }")).Message);
        Directory.Delete(folder.In("1_Pooling"), recursive: true);
        var actual = State(BertEncoder.FromFolder(folder.Path));
        foreach (var (name, tensor) in weights.Where(weight => !weight.Key.StartsWith("head.output")))
            CollectionAssert.AreEqual(tensor.bytes.ToArray(), actual[name].bytes.ToArray(), name);

        BertEncoder With(string pooling)
        {
            File.WriteAllText(folder.In("1_Pooling/config.json"), pooling);
            return BertEncoder.FromFolder(folder.Path);
        }
    }

    [TestMethod]
    public void Trainer_takes_the_vocabulary_of_the_network_and_the_model_needs_no_file()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 24).Select(i => new Row { Label = i % 2 == 0 ? "sky" : "food", Sentence1 = i % 2 == 0 ? "rain, sun" : "soup" }).ToArray());
        var folder = TinyFolder.WithVocabulary("bert");
        var network = BertEncoder.FromOnnx(PyTorchExport.In(folder, BertEncoder.FromFolder(folder.Path).Heads), folder.In("vocab.txt"));
        var options = new SamTextTrainer.Options { Network = network, MaxLength = 8, Epoch = 2, EmbeddingColumnName = "Embedding" };
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamText(options)).Fit(rows);
        folder.Dispose();

        var zip = SavedModel.Of(ml, model, rows.Schema);
        var loaded = SavedModel.Load(new MLContext(), zip);

        Assert.AreEqual(network.HiddenSize, ((Data.VectorDataViewType)model.GetOutputSchema(rows.Schema)["Embedding"].Type).Size);
        var (expected, actual) = (SamImageTransformerTests.Scores(model, rows), SamImageTransformerTests.Scores(loaded, rows));
        for (var i = 0; i < expected.Length; i++)
            CollectionAssert.AreEqual(expected[i], actual[i]);
        Assert.DoesNotContain(folder.Path, Encoding.UTF8.GetString(SavedModel.Entry(zip, "Model.json")));
    }

    [TestMethod]
    public void Files_that_do_not_fit_are_refused_with_the_reason()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var heads = BertEncoder.FromFolder(folder.Path).Heads;
        var path = PyTorchExport.In(folder, heads);
        var whole = File.ReadAllBytes(path);
        var errors = new ErrorText()
            .Add("no model", () => BertEncoder.FromOnnx(folder.In("none.onnx"), folder.In("vocab.txt")))
            .Add("no vocabulary", () => BertEncoder.FromOnnx(path, folder.In("none.txt")))
            .Add("empty", () => FromBytes([]))
            .Add("text", () => FromBytes("this is no model"u8.ToArray()))
            .Add("truncated", () => FromBytes(whole[..(whole.Length / 2)]))
            .Add("another protobuf", () => FromBytes(new StringStringEntryProto { Key = "a", Value = "b" }.ToByteArray()))
            .Add("newer format", () => Changed(model => model.IrVersion = 99))
            .Add("newer opset", () => Changed(model => model.OpsetImport[0].Version = 99))
            .Add("older opset", () => Changed(model => model.OpsetImport[0].Version = 7))
            .Add("a tensor twice", () => Changed(model => model.Graph.Initializer.Add(model.Graph.Initializer[0])))
            .Add("larger than the file", () => Built(model => Words(model).Dims[0] = 1_000_000))
            .Add("negative", () => Changed(model => Words(model).Dims[0] = -1))
            .Add("quantised", () => Built(model => Words(model).DataType = (int)TensorProto.Types.DataType.Int8))
            .Add("outside the folder", () => Built(model => External(Words(model), "../secret.bin")))
            .Add("missing beside it", () => Built(model => External(Words(model), "weights.bin")))
            .Add("too short beside it", () =>
            {
                File.WriteAllBytes(folder.In("short.bin"), new byte[8]);
                Built(model => External(Words(model), "short.bin"));
            })
            .Add("beside a stream", () => BuiltFromBytes(model => External(Words(model), "weights.bin")))
            .Add("not of BERT", () => Changed(model => Rename(model, name => name.Replace("attention.self.query", "attention.q"))))
            .Add("no heads", () => Changed(model => model.Graph.Node.Remove(model.Graph.Node.First(node => node.OpType == "Reshape"))))
            .Add("computed heads", () => Changed(model => model.Graph.Initializer.Remove(model.Graph.Initializer.First(constant => constant.Name == "heads"))))
            .Add("computed weights", () => Built(model => model.Graph.Node.First(node => node.OpType == "MatMul").Input[1] = "dequantised"))
            .Add("other vocabulary", () =>
            {
                File.WriteAllText(folder.In("small.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\nsun\n");
                Fit(BertEncoder.FromOnnx(path, folder.In("small.txt")));
            })
            .Add("no special tokens", () =>
            {
                File.WriteAllText(folder.In("words.txt"), "sun\nrain\n");
                Fit(BertEncoder.FromOnnx(path, folder.In("words.txt")));
            });

        Golden.Matches("Networks/BertOnnxErrors.txt", errors.ToString().Replace(folder.Path, "FOLDER").Replace('\\', '/'));

        BertEncoder FromBytes(byte[] bytes) => BertEncoder.FromOnnx(new MemoryStream(bytes), new MemoryStream(File.ReadAllBytes(folder.In("vocab.txt"))));
        BertEncoder Changed(Action<ModelProto> change) => BertEncoder.FromOnnx(PyTorchExport.In(folder, heads, change: change), folder.In("vocab.txt"));
        void Built(Action<ModelProto> change) => Build(Changed(change));
        void BuiltFromBytes(Action<ModelProto> change) => Build(FromBytes(File.ReadAllBytes(PyTorchExport.In(folder, heads, change: change))));

        static void Build(BertEncoder network) => network.Build(new TextShape(network.Vocabulary!.Value, 8, 0), 2).Dispose();

        static void Fit(BertEncoder network)
        {
            var ml = new MLContext(seed: 1);
            var rows = ml.Data.LoadFromEnumerable(new[] { new Row { Label = "a", Sentence1 = "sun" }, new Row { Label = "b", Sentence1 = "rain" } });
            var options = new SamTextTrainer.Options { Network = network, MaxLength = 8, Epoch = 1 };
            ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamText(options)).Fit(rows);
        }
    }

    [TestMethod]
    public void Tensors_beside_the_file_are_read()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var network = BertEncoder.FromFolder(folder.Path) with { Pooling = BertPooling.Mean };
        using var scope = NewDisposeScope();
        var path = PyTorchExport.In(folder, network.Heads, change: model =>
        {
            var words = Words(model);
            File.WriteAllBytes(folder.In("weights.bin"), [1, 2, 3, .. words.RawData.ToByteArray(), 4]);
            External(words, "weights.bin");
            words.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "3" });
        });

        var actual = State(BertEncoder.FromOnnx(path, folder.In("vocab.txt")));

        CollectionAssert.AreEqual(State(network)["embeddings.words.weight"].bytes.ToArray(), actual["embeddings.words.weight"].bytes.ToArray());
    }

    static TensorProto Words(ModelProto model) => model.Graph.Initializer.Single(constant => constant.Name.EndsWith("word_embeddings.weight"));

    static void External(TensorProto tensor, string place)
    {
        tensor.ClearRawData();
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = place });
    }

    static void Rename(ModelProto model, Func<string, string> change)
    {
        foreach (var constant in model.Graph.Initializer)
            constant.Name = change(constant.Name);
    }

    static Dictionary<string, Tensor> State(BertEncoder network) =>
        network.Build(new TextShape(network.Vocabulary!.Value, 8, network.PadId ?? 0), 2).state_dict();

    // The last hidden states of the package's own file, pooled by hand.
    static double[] Pooled(System.Reflection.Assembly package, TokenRow[] rows, int padId, BertPooling pooling)
    {
        using var model = new MemoryStream();
        using (var resource = PackagedBert.Model(package))
            resource.CopyTo(model);
        using var session = new InferenceSession(model.ToArray());
        var length = rows.Max(row => row.Ids.Length);
        var (ids, mask, types) = (Ints(), Ints(), Ints());
        for (var n = 0; n < rows.Length; n++)
            for (var i = 0; i < length; i++)
            {
                var isToken = i < rows[n].Ids.Length;
                (ids[n, i], mask[n, i], types[n, i]) = (isToken ? rows[n].Ids[i] : padId, isToken ? 1 : 0, isToken && i >= rows[n].SecondStart ? 1 : 0);
            }
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("input_ids", ids), NamedOnnxValue.CreateFromTensor("attention_mask", mask), NamedOnnxValue.CreateFromTensor("token_type_ids", types)], ["last_hidden_state"]);
        var hidden = (OnnxRuntime.Tensors.DenseTensor<float>)results.Single().Value;
        var width = hidden.Dimensions[2];
        return [.. rows.SelectMany((row, n) => Enumerable.Range(0, width).Select(k => pooling == BertPooling.First ? hidden[n, 0, k] : row.Ids.Select((_, i) => (double)hidden[n, i, k]).Average()))];

        OnnxRuntime.Tensors.DenseTensor<long> Ints() => new([rows.Length, length]);
    }

    sealed class Row
    {
        public string Label { get; set; } = "";

        public string Sentence1 { get; set; } = "";
    }
}
