using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>ML.NET's own ConvertToOnnx of pipelines with our models.</summary>
[TestClass]
public sealed class ConvertToOnnxTests : IDisposable
{
    // Both compute in float32.
    const double Tolerance = 1e-6;
    const double EmbeddingTolerance = 1e-5;

    readonly string _folder = Directory.CreateTempSubdirectory("Onnx").FullName;

    string OnnxFile => Path.Combine(_folder, "model.onnx");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Pipeline_of_pixels_gives_the_same_in_ApplyOnnxModel(bool hasViews)
    {
        var ml = new MLContext(seed: 1);
        var rows = Pixels(ml);
        using var trained = (IDisposable)TinyTraining.Pipeline(ml, options =>
        {
            options.EmbeddingColumnName = "Vector";
            options.TestTimeAugmentation = hasViews ? new(Shift: 1) : null;
        }).Fit(rows);
        var loaded = SavedModel.Load(ml, SavedModel.Of(ml, (ITransformer)trained));

        using (var file = File.Create(OnnxFile))
            ml.Model.ConvertToOnnx(loaded, rows, file);

        var expected = loaded.Transform(rows);
        var actual = ml.Transforms.ApplyOnnxModel(["Score.output", "PredictedLabel.output", "Vector.output"], ["Image", "Label"], OnnxFile).Fit(rows).Transform(rows);
        Near.Equal(Doubles(expected.GetColumn<float[]>("Score")), Doubles(actual.GetColumn<float[]>("Score")), Tolerance);
        Near.Equal(Doubles(expected.GetColumn<float[]>("Vector")), Doubles(actual.GetColumn<float[]>("Vector")), EmbeddingTolerance);
        CollectionAssert.AreEqual(expected.GetColumn<string>("PredictedLabel").ToArray(), actual.GetColumn<ReadOnlyMemory<char>[]>("PredictedLabel").Select(label => label.Single().ToString()).ToArray());
    }

    [TestMethod]
    public void What_ML_NET_cannot_convert_is_refused_with_what_to_do()
    {
        var ml = new MLContext(seed: 1);
        var decoded = Pictures.RowsOf(i => new DecodedRow { Image = MLImage.CreateFromStream(new MemoryStream(Pictures.Png(i))), Label = $"{i % 3}" })(ml, 12);
        var pixelsOfAStep = ml.Transforms.CustomMapping<PixelRow, Copied>((from, to) => to.Features = from.Image, contractName: null)
            .Append(TinyTraining.Pipeline(ml, options => options.FeatureColumnName = "Features"));
        var errors = new ErrorText()
            .Add("encoded images", () => Convert(Pictures.Rows(ml), TinyTraining.Pipeline(ml)))
            .Add("MLImage", () => Convert(decoded, TinyTraining.Pipeline(ml)))
            .Add("texts", () => Convert(Sentences.Rows(ml), TinyText.Pipeline(ml)))
            .Add("pixels of a step that has no ONNX", () => Convert(Pixels(ml), pixelsOfAStep))
            .Add("an old version", () => ml.Model.ConvertToOnnx(TinyTraining.Pipeline(ml).Fit(Pixels(ml)), Pixels(ml), 9, Stream.Null));

        Golden.Matches("Classification/ConvertToOnnx.txt", errors.ToString());

        void Convert(IDataView rows, IEstimator<ITransformer> pipeline)
        {
            using var file = new MemoryStream();
            try
            {
                ml.Model.ConvertToOnnx(pipeline.Fit(rows), rows, file);
            }
            finally
            {
                Assert.AreEqual(0, file.Length);
            }
        }
    }

    static IDataView Pixels(MLContext ml) => Pictures.RowsOf(i => new PixelRow { Image = [.. Enumerable.Range(0, 64).Select(x => (float)(x % (i % 3 + 2)))], Label = $"{i % 3}" })(ml, 12);

    static double[] Doubles(IEnumerable<float[]> rows) => [.. rows.SelectMany(row => row).Select(x => (double)x)];

    sealed class PixelRow
    {
        [VectorType(64)]
        public float[] Image { get; set; } = [];

        public string? Label { get; set; }
    }

    sealed class Copied
    {
        [VectorType(64)]
        public float[] Features { get; set; } = [];
    }

    sealed class DecodedRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(8, 8)]
        public MLImage? Image { get; set; }

        public string? Label { get; set; }
    }
}
