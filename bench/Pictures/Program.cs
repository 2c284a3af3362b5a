using System.CommandLine;
using System.Globalization;
using Benchmarks;
using FewRows;
using Pictures;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var data = new Option<DirectoryInfo>("--data") { HelpName = "DIR", Required = true, Description = "Fashion-MNIST: the four files *-ubyte.gz of its authors." }.AcceptExistingOnly();
NamesOption names = new("--pictures", "What is drawn.", ["step", "augmentation", "learning-rate", "few-rows", "landscapes", "accuracy-over-epochs", "accuracy-over-time"]);
var output = new Option<string>("--output") { HelpName = "DIR", Description = "Where the pictures are written.", DefaultValueFactory = _ => Path.Combine("docs", "pictures") };
var results = new Option<string>("--results") { HelpName = "DIR", Description = "Where measurements are kept, one file each. What is there is not measured again.", DefaultValueFactory = _ => Path.Combine("artifacts", "pictures") };
var fewRows = new Option<string>("--few-rows") { HelpName = "FILE", Description = "The results of bench/FewRows.", DefaultValueFactory = _ => Path.Combine("bench", "results", "few-rows.jsonl") };

RootCommand command = new("Trains small networks on images of which some have a wrong label, and draws the pictures of the documentation.") { data, names, output, results, fewRows };
command.SetAction(Draw);
return command.Parse(args).Invoke();

void Draw(ParseResult parsed)
{
    var experiment = new Experiment(parsed.GetRequiredValue(data).FullName);
    var kept = new Measurements(parsed.GetRequiredValue(results));
    var models = new Lazy<TrainedModel[]>(() => [.. Contestant.OnePicture.Select(contestant => kept.Get($"landscape-{contestant.Name}", () => experiment.Landscape(contestant)))]);
    var curves = new Lazy<TrainingCurve[]>(() => [.. Contestant.All.Select(contestant => kept.Get($"curve-{contestant.Name}", () => experiment.Curve(contestant)))]);

    var folder = Directory.CreateDirectory(parsed.GetRequiredValue(output)).FullName;
    foreach (var name in parsed.GetRequiredValue(names))
        PictureFile.Write(folder, name, Picture(name));

    if (models.IsValueCreated)
        foreach (var model in models.Value)
            Console.WriteLine($"{model.Name}, {model.Epochs} epochs: test accuracy {model.TestAccuracy:0.000}");
    if (curves.IsValueCreated)
        foreach (var curve in curves.Value)
            Console.WriteLine($"{curve.Name}, {curve.Points.Count} epochs: {curve.Points[^1].Seconds:0} s, accuracy {curve.Points[^1].Accuracy:0.000}, at best {curve.Points.Max(point => point.Accuracy):0.000}");

    Drawing Picture(string name) => name switch
    {
        "step" => StepPicture.Draw(),
        "augmentation" => AugmentationPicture.Draw(experiment.Images(count: 6)),
        "learning-rate" => LearningRatePicture.Draw(kept.Get("learning-rate", experiment.LearningRates)),
        "few-rows" => FewRowsPicture.Draw(new ResultFile<Trial>(parsed.GetRequiredValue(fewRows)).All),
        "landscapes" => LandscapePicture.Draw(models.Value),
        "accuracy-over-epochs" => AccuracyPicture.OverEpochs(curves.Value),
        "accuracy-over-time" => AccuracyPicture.OverTime(curves.Value),
        _ => throw new ArgumentException($"There is no picture '{name}'.", nameof(name)),
    };
}
