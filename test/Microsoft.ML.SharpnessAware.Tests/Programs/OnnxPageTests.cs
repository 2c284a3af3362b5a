using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The code of docs/onnx.md, at work on small data.</summary>
[TestClass]
public sealed class OnnxPageTests : IDisposable
{
    readonly MLContext _ml = new(seed: 1);
    readonly string _folder = Directory.CreateTempSubdirectory("Onnx").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Exported_model_predicts_in_ONNX_Runtime()
    {
        var onnxFile = Path.Combine(_folder, "model.onnx");
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(TinyTraining.Trainer(_ml))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var train = Pictures.Rows(_ml);

        #region export
        using var model = pipeline.Fit(train);
        model.OfType<SamImageTransformer>().Single().ExportToOnnx(onnxFile);
        #endregion

        using var picture = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(5)));
        byte[] pixels = [.. picture.Pixels.ToArray().Where((_, i) => i % 4 == 0)];

        #region predict
        using var session = new InferenceSession(onnxFile);
        var classes = JsonSerializer.Deserialize<string[]>(session.ModelMetadata.CustomMetadataMap["classes"])!;

        // One image of 8×8 pixels and one channel; of three channels, all red comes first, then all green, then all blue.
        using var images = OrtValue.CreateTensorValueFromMemory(pixels, [1, 1, 8, 8]);
        using var options = new RunOptions();
        using var results = session.Run(options, new Dictionary<string, OrtValue> { ["images"] = images }, ["Score", "PredictedLabel"]);

        var scores = results[0].GetTensorDataAsSpan<float>();
        var label = classes[results[1].GetTensorDataAsSpan<long>()[0]];
        #endregion

        var expected = _ml.Data.CreateEnumerable<PictureAnswer>(model.Transform(train), reuseRowObject: false).ElementAt(5);
        Assert.AreEqual(expected.Label, label);
        Assert.AreEqual(expected.Score[0], scores[0], 1e-6f, "both compute in float32");
    }
}
