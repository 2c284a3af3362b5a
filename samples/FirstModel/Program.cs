#region program
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(from file in Directory.EnumerateFiles("images", "*.png", SearchOption.AllDirectories)
                                        select new { ImagePath = file, Label = Path.GetFileName(Path.GetDirectoryName(file)) });
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
    .Append(ml.MulticlassClassification.Trainers.SamImage("Label", "Features")) // was: ImageClassification("Label", "Features")
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ml.Model.Save(pipeline.Fit(images), images.Schema, "model.zip");
#endregion
