using System.Text.Json;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Models for texts, trained, saved, loaded, exported, and then in ONNX Runtime.</summary>
[TestClass]
public class TextOnnxTests
{
    // Both compute in float32.
    const double Tolerance = 1e-6;

    static IEnumerable<object[]> Networks =>
    [
        [new TextTransformer(Layers: 1, Width: 8, Heads: 2, FeedForward: 16)],
        [new BagOfEmbeddings(Width: 8)],
        [new TextCnn(Width: 8, FeatureMaps: 4)],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Scores_labels_and_embeddings_are_those_of_the_loaded_model(TextNetwork network)
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.Rows(ml);
        using var trained = TinyText.Pipeline(ml, options => (options.Network, options.Sentence2ColumnName, options.EmbeddingColumnName) = (network, "Sentence2", "Vector")).Fit(rows) as IDisposable;
        var loaded = SavedModel.Load(ml, SavedModel.Of(ml, (ITransformer)trained!));
        using var file = new MemoryStream();

        SamText(loaded).ExportToOnnx(file);

        using var onnx = new OnnxModel(file.ToArray());
        using var scope = NewDisposeScope();
        var tokens = Tokens(loaded, rows);
        (string, Tensor)[] inputs = [("ids", tokens.select(1, 0).contiguous()), ("sentences", tokens.select(1, 1).contiguous())];
        var scored = loaded.Transform(rows);
        Near.Equal(Doubles(scored.GetColumn<float[]>("Score")), onnx.Numbers("Score", inputs), Tolerance);
        Near.Equal(Doubles(scored.GetColumn<float[]>("Vector")), onnx.Numbers("Vector", inputs), Tolerance);
        var classes = JsonSerializer.Deserialize<string[]>(onnx.Metadata["classes"])!;
        CollectionAssert.AreEqual(scored.GetColumn<string>("PredictedLabel").ToArray(), onnx.Run<long>("PredictedLabel", inputs).Select(index => classes[index]).ToArray());
        Assert.AreEqual(network, RecordJson.Read<TextNetwork>(onnx.Metadata["network"]));
        Assert.AreSequenceEqual(["ids Int64 [N, L]", "sentences Int64 [N, L]", "Score Float [N, 3]", "PredictedLabel Int64 [N]"], onnx.Signature[..4]);
    }

    [TestMethod]
    public void Network_of_the_users_own_that_says_no_operators_is_refused_by_name()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => options.Network = new FirstWord()).Fit(Sentences.KeyedRows(ml));

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => model.ExportToOnnx(Stream.Null));

        Assert.StartsWith("Cannot export the network (Module) to ONNX: it has no ONNX operators.", error.Message);
    }

    // As the model's own tokenizer has them, all padded to one length.
    static Tensor Tokens(ITransformer model, IDataView rows)
    {
        var input = ((IMeasurable)SamText(model)).Classifier.InputOf(rows.Schema, new MLContext());
        using var cursor = input.Cursor(rows, [], null);
        var intake = (TextIntake)input.Open(cursor);
        while (cursor.MoveNext())
            intake.Add();
        var texts = intake.Take().Batches(CPU).SelectMany(batch => batch.Rows.Select((row, i) => (row, Tokens: batch.Inputs[i]))).OrderBy(text => text.row).ToArray();
        var length = texts.Max(text => text.Tokens.shape[1]);
        return stack(texts.Select(text => nn.functional.pad(text.Tokens, [0, length - text.Tokens.shape[1]], value: 0)));
    }

    static SamTextTransformer SamText(ITransformer model) => ((IEnumerable<ITransformer>)model).OfType<SamTextTransformer>().Single();

    static double[] Doubles(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row).Select(x => (double)x)];
}
