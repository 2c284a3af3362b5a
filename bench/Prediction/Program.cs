using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using Prediction;

// What it costs to classify an image: alone, by a PredictionEngine, and among others, by Transform. Numbers of threads in turn.
const int Rounds = 5;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Console.WriteLine("| network | threads | one prediction, ms: median (least to most) | a row of Transform, ms: median (least to most) |\n| --- | --- | --- | --- |");
Measure(new CifarResNet(8), size: 32, predictions: 200);
Measure(new ResNet18(), size: 224, predictions: 10);

static void Measure(ImageNetwork network, int size, int predictions)
{
    var ml = new MLContext(seed: 1);
    var schema = SchemaDefinition.Create(typeof(Picture));
    schema[nameof(Picture.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, size, size);
    var pictures = Enumerable.Range(0, Math.Max(16, predictions)).Select(number => Picture.Of(number, size)).ToArray();
    var rows = ml.Data.LoadFromEnumerable(pictures, schema);
    var few = ml.Data.LoadFromEnumerable(pictures[..4], schema);
    using var model = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { Network = network, Epoch = 1, ValidationSetFraction = null }).Fit(few);
    using var engine = ml.Model.CreatePredictionEngine<Picture, Scores>(model, inputSchemaDefinition: schema);

    int[] threads = [1, Environment.ProcessorCount];
    var times = threads.ToDictionary(number => number, _ => (Alone: new List<double>(), Together: new List<double>()));
    for (var round = 0; round <= Rounds; round++)
        foreach (var number in threads)
        {
            set_num_threads(number);
            var alone = Milliseconds(() => Array.ForEach(pictures, picture => engine.Predict(picture))) / pictures.Length;
            var together = Milliseconds(() => _ = model.Transform(rows).GetColumn<float[]>("Score").Count()) / pictures.Length;
            if (round == 0)
                continue;
            times[number].Alone.Add(alone);
            times[number].Together.Add(together);
        }
    foreach (var number in threads)
        Console.WriteLine($"| {network}, {size}×{size} | {number} | {Text(times[number].Alone)} | {Text(times[number].Together)} |");
}

static double Milliseconds(Action work)
{
    var watch = Stopwatch.StartNew();
    work();
    return watch.Elapsed.TotalMilliseconds;
}

static string Text(List<double> values)
{
    values.Sort();
    return $"{values[values.Count / 2]:0.00} ({values[0]:0.00} to {values[^1]:0.00})";
}
