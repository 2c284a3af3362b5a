using System.Net;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The sample that serves a model, asked over the loopback.</summary>
[TestClass]
public class WebPredictTests
{
    const int Requests = 32;

    static readonly string _folder = Directory.CreateTempSubdirectory("WebPredict").FullName;
    static float[][] _scores = [];
    static WebService _service = null!;

    [ClassInitialize]
    public static void TrainAndServe(TestContext _)
    {
        var ml = new MLContext(seed: 1);
        var files = Enumerable.Range(0, Requests).Select(File).ToArray();
        var rows = ml.Data.LoadFromEnumerable(files.Select((file, i) => new ImageFile { ImagePath = file, Label = Pictures.Row(i).Label }).ToArray());
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
            .Append(TinyTraining.Trainer(ml, options => (options.FeatureColumnName, options.Epoch) = ("Features", 4)))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows);
        _scores = SamImageTransformerTests.Scores(model, rows);
        ml.Model.Save(model, rows.Schema, Path.Combine(_folder, "model.zip"));
        _service = new WebService(Path.Combine(_folder, "model.zip"));
    }

    [ClassCleanup]
    public static void EndAndDelete()
    {
        _service?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task Requests_at_once_are_each_answered_as_Transform_would()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(i => _service.Answer(Pictures.Png(i))));

        string[] classes = ["across", "down", "plain"];
        for (var i = 0; i < Requests; i++)
        {
            Assert.AreEqual(classes[Array.IndexOf(_scores[i], _scores[i].Max())], answers[i].Label, $"image {i}");
            CollectionAssert.AreEqual(answers[i].Scores.OrderByDescending(score => score.Score).ToArray(), answers[i].Scores, "sorted");
            for (var k = 0; k < classes.Length; k++)
                Assert.AreEqual(_scores[i][k], answers[i].Scores.Single(score => score.Label == classes[k]).Score, 1e-5f, $"image {i}: batches of other sizes may be summed in another order");
        }
    }

    [TestMethod]
    [DataRow("", DisplayName = "nothing")]
    [DataRow("This is no image.", DisplayName = "text")]
    public async Task Body_that_is_no_image_is_a_bad_request_that_says_so_and_the_next_is_answered(string body)
    {
        using var response = await _service.Predict(System.Text.Encoding.UTF8.GetBytes(body));

        Assert.AreEqual(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.AreEqual("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("The body of the request must be the bytes of an image file, such as a PNG or a JPEG.", await response.Content.ReadAsStringAsync());
        Assert.HasCount(3, (await _service.Answer(Pictures.Png(0))).Scores);
    }

    static string File(int number)
    {
        var file = Path.Combine(_folder, $"{number}.png");
        System.IO.File.WriteAllBytes(file, Pictures.Png(number));
        return file;
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }
    }
}
