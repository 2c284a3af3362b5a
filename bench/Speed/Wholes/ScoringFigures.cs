using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.SharpnessAware;

namespace Speed.Wholes;

/// <summary>What scoring takes, over the network's forward pass alone and over ONNX Runtime.</summary>
static class ScoringFigures
{
    const int Batch = 64;
    const int AtOnce = 60;

    public static Model[] Models { get; } =
    [
        new("resnet8-32", new CifarResNet(8), Size: 32, Rows: 10_000, Singles: 300, ToOnnxRuntime: 2),
        new("resnet18-224", new ResNet18(), Size: 224, Rows: 64, Singles: 10, ToOnnxRuntime: 1.3),
    ];

    public static IEnumerable<Figure> Of(Model model, Settings settings)
    {
        var times = Measurement.InProcess($"scoring {model.Name}", settings);
        yield return Ratio("Transform ÷ batched forward passes", "transform", "forwards", 1.10);
        yield return Ratio("PredictionEngine, one image ÷ forward pass of one", "engine", "forward", 1.25);
        yield return Ratio("Transform ÷ ONNX Runtime in the same batches", "transform", "runtimes", model.ToOnnxRuntime);
        yield return Ratio("PredictionEngine ÷ ONNX Runtime, one image", "engine", "runtime", model.ToOnnxRuntime);
        yield return Ratio("forward pass ÷ ONNX Runtime, one image", "forward", "runtime", aim: null);
        yield return Ratio($"{AtOnce} Transforms of one row at once ÷ in turn", "atOnce", "inTurn", 1.2);
        yield return Ratio("first prediction after Load ÷ later ones", "first", "later", 5);

        Figure Ratio(string what, string over, string under, double? aim) => times.Ratio(what, model.Name, over, under, aim);
    }

    public static Measurement Measure(string name, Settings settings)
    {
        var model = Models.Single(one => one.Name == name);
        var ml = new MLContext(seed: 1);
        var schema = Picture.Schema(model.Size);
        Picture[] few = [.. Enumerable.Range(0, Batch).Select(number => Picture.Of(number, model.Size))];
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { Network = model.Network, Epoch = 1, ValidationSetFraction = null, Augmentation = null });
        using var trained = trainer.Fit(ml.Data.LoadFromEnumerable(few[..16], schema));
        var (zip, onnx) = (Path.GetTempFileName(), Path.GetTempFileName());
        ml.Model.Save(trained, ml.Data.LoadFromEnumerable(few[..1], schema).Schema, zip);
        trained.ExportToOnnx(onnx);

        set_num_threads(settings.Threads);
        using var options = new SessionOptions { IntraOpNumThreads = settings.Threads };
        using var session = new InferenceSession(onnx, options);
        using var network = ChannelsLast.Arrange(model.Network.Build(new ImageShape(3, model.Size, model.Size), Picture.Classes));
        network.eval();
        using var engine = ml.Model.CreatePredictionEngine<Picture, Scores>(trained, inputSchemaDefinition: schema);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, model.Rows).Select(number => few[number % Batch]), schema);
        var one = ml.Data.LoadFromEnumerable(few[..1], schema);

        var times = new Measurement();
        for (var round = -1; round < settings.Rounds; round++)
        {
            times.Add(round, "transform", Stopwatches.Milliseconds(() => Score(rows)) / model.Rows);
            times.Add(round, "forwards", Stopwatches.Milliseconds(() => Forward(Batch, model.Rows / Batch)) / (model.Rows / Batch * Batch));
            times.Add(round, "runtimes", Stopwatches.Milliseconds(() => Runtime(Batch, model.Rows / Batch)) / (model.Rows / Batch * Batch));
            times.Add(round, "engine", Stopwatches.Milliseconds(() => Predict(model.Singles)) / model.Singles);
            times.Add(round, "forward", Stopwatches.Milliseconds(() => Forward(1, model.Singles)) / model.Singles);
            times.Add(round, "runtime", Stopwatches.Milliseconds(() => Runtime(1, model.Singles)) / model.Singles);
            times.Add(round, "inTurn", Stopwatches.Milliseconds(() => { for (var i = 0; i < AtOnce; i++) Score(one); }));
            times.Add(round, "atOnce", Stopwatches.Milliseconds(() => Task.WaitAll([.. Enumerable.Range(0, AtOnce).Select(_ => Task.Run(() => Score(one)))])));
            AddFirst(round);
        }
        File.Delete(zip);
        File.Delete(onnx);
        return times;

        void Score(IDataView data) => _ = trained.Transform(data).GetColumn<float[]>("Score").Count();

        void Predict(int count)
        {
            for (var i = 0; i < count; i++)
                engine.Predict(few[i % Batch]);
        }

        // A copy of the pixels, the passes, and a copy of the scores, as whoever calls a network has to make.
        void Forward(int batch, int count)
        {
            using var noGrad = no_grad();
            var pixels = Pixels(batch);
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                _ = network.call(ChannelsLast.Of(tensor(pixels, [batch, 3, model.Size, model.Size]))).softmax(-1).data<float>().ToArray();
            }
        }

        void Runtime(int batch, int count)
        {
            var pixels = Pixels(batch);
            using var run = new RunOptions();
            for (var i = 0; i < count; i++)
            {
                using var images = OrtValue.CreateTensorValueFromMemory(pixels, [batch, 3, model.Size, model.Size]);
                using var results = session.Run(run, new Dictionary<string, OrtValue> { ["images"] = images }, ["Score"]);
                _ = results[0].GetTensorDataAsSpan<float>().ToArray();
            }
        }

        float[] Pixels(int batch) => [.. few.Take(batch).SelectMany(picture => picture.Features)];

        void AddFirst(int round)
        {
            var loaded = ml.Model.Load(zip, out _);
            using var fresh = ml.Model.CreatePredictionEngine<Picture, Scores>(loaded, inputSchemaDefinition: schema);
            times.Add(round, "first", Stopwatches.Milliseconds(() => fresh.Predict(few[0])));
            times.Add(round, "later", Stopwatches.Milliseconds(() => { for (var i = 0; i < model.Singles; i++) fresh.Predict(few[0]); }) / model.Singles);
        }
    }

    /// <summary>A model that scores.</summary>
    /// <param name="Name">What the tables call it.</param>
    /// <param name="Network">Its network.</param>
    /// <param name="Size">Height and width of its images.</param>
    /// <param name="Rows">Rows of a Transform.</param>
    /// <param name="Singles">Predictions of one image in a round.</param>
    /// <param name="ToOnnxRuntime">What scoring should not exceed, over ONNX Runtime.</param>
    public sealed record Model(string Name, ImageNetwork Network, int Size, int Rows, int Singles, double ToOnnxRuntime)
    {
        /// <summary>Whether it belongs to the short table.</summary>
        public bool IsQuick => Size == 32;
    }
}
