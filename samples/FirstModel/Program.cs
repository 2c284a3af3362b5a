#region program
using Microsoft.ML;

var ml = new MLContext(seed: 1);
var images = ml.Data.LoadFromEnumerable(Directory.GetFiles("images", "*.png", SearchOption.AllDirectories)
    .Select(file => new { ImagePath = file, Label = Directory.GetParent(file)!.Name }));
var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
    .Append(ml.MulticlassClassification.Trainers.SamImage()) // replaces ImageClassification()
    .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
ml.Model.Save(pipeline.Fit(images), images.Schema, "model.zip");
#endregion
