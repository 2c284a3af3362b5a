using System.CommandLine;
using System.Globalization;
using Pictures;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = new Option<DirectoryInfo>("--data") { HelpName = "DIR", Required = true, Description = "Fashion-MNIST: the four files *-ubyte.gz of its authors." }.AcceptExistingOnly();
var output = new Option<string>("--output") { HelpName = "DIR", Description = "Where the pictures are written.", DefaultValueFactory = _ => Path.Combine("docs", "pictures") };
var results = new Option<string>("--results") { HelpName = "DIR", Description = "Where measurements are kept, one file each. What is there is not measured again.", DefaultValueFactory = _ => Path.Combine("artifacts", "pictures") };

RootCommand command = new("Trains small networks on images of which some have a wrong label, and draws the pictures of the documentation.") { data, output, results };
command.SetAction(parsed => Draw(new Experiment(parsed.GetRequiredValue(data).FullName), new Measurements(parsed.GetRequiredValue(results)), parsed.GetRequiredValue(output)));
return command.Parse(args).Invoke();

static void Draw(Experiment experiment, Measurements kept, string folder)
{
    Directory.CreateDirectory(folder);
    PictureFile.Write(folder, "step", StepPicture.Draw());
    PictureFile.Write(folder, "augmentation", AugmentationPicture.Draw(experiment.Images(count: 6)));
    PictureFile.Write(folder, "learning-rate", LearningRatePicture.Draw(kept.Get("learning-rate", experiment.LearningRates)));

    TrainedModel[] models = [.. Contestant.OnePicture.Select(contestant => kept.Get($"landscape-{contestant.Name}", () => experiment.Landscape(contestant)))];
    PictureFile.Write(folder, "landscapes", LandscapePicture.Draw(models));

    TrainingCurve[] curves = [.. Contestant.All.Select(contestant => kept.Get($"curve-{contestant.Name}", () => experiment.Curve(contestant)))];
    PictureFile.Write(folder, "accuracy-over-epochs", AccuracyPicture.OverEpochs(curves));
    PictureFile.Write(folder, "accuracy-over-time", AccuracyPicture.OverTime(curves));

    foreach (var model in models)
        Console.WriteLine($"{model.Name}, {model.Epochs} epochs: test accuracy {model.TestAccuracy:0.000}");
    foreach (var curve in curves)
        Console.WriteLine($"{curve.Name}, {curve.Points.Count} epochs: {curve.Points[^1].Seconds:0} s, accuracy {curve.Points[^1].Accuracy:0.000}, at best {curve.Points.Max(point => point.Accuracy):0.000}");
}
