using Microsoft.ML.Data;

namespace MlnetSam.Tests;

/// <summary>Models that programs have saved, and not the tool.</summary>
[TestClass]
public sealed class SavedModelTests
{
    readonly TempFolder _folder = new();
    readonly MLContext _context = new(seed: 1);

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public void Model_that_reads_the_files_itself_is_given_their_paths()
    {
        var images = _context.Data.LoadFromEnumerable(Array.ConvertAll(ImageFiles.WithClasses(_folder.Pictures("pets", each: 10)), image => new { File = image.ImagePath, Kind = image.Label }));
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Kind")
            .Append(_context.Transforms.LoadRawImageBytes("Bytes", imageFolder: null, "File"))
            .Append(_context.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { LabelColumnName = "Kind", FeatureColumnName = "Bytes", Network = new CifarResNet(Depth: 8), Epoch = 1, BatchSize = 8 }));
        var model = pipeline.Fit(images);
        _context.Model.Save(model, images.Schema, _folder["model.zip"]);
        var expected = model.Transform(images).GetColumn<float[]>("Score").First()[0];

        var predicted = CommandRun.Of("predict", "--model", _folder["model.zip"], "--top", "2", _folder["pets"]).EndsWith(ExitCode.Done).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.HasCount(20, predicted);
        Assert.Contains(FormattableString.Invariant($"bright\t{expected:0.0000}"), predicted.Single(line => line.Contains(Path.Combine("bright", "0.png"), StringComparison.Ordinal)));
        Assert.Contains("MicroAccuracy: ", CommandRun.Of("evaluate", "--model", _folder["model.zip"], "--dataset", _folder["pets"]).EndsWith(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Model_of_another_kind_and_file_that_is_none_are_refused()
    {
        var rows = _context.Data.LoadFromEnumerable(new[] { new { Text = "a" } });
        _context.Model.Save(_context.Transforms.Conversion.MapValueToKey("Text").Fit(rows), rows.Schema, _folder["other.zip"]);
        var text = _folder.Write("text.zip", "no zip");

        Assert.AreEqual($"'{_folder["other.zip"]}' cannot be loaded as a model: The model was not trained by SamImage or SamText. It consists of ValueToKeyMappingTransformer.", CommandRun.Of("predict", "--model", _folder["other.zip"], "a").EndsWith(ExitCode.Failed).Error.Trim());
        Assert.StartsWith($"'{text}' cannot be loaded as a model: ", CommandRun.Of("export", "--model", text).EndsWith(ExitCode.Failed).Error);
        Assert.AreEqual("There is no model 'nowhere.zip'.", CommandRun.Of("export", "--model", "nowhere.zip").EndsWith(ExitCode.Failed).Error.Trim());
    }
}
