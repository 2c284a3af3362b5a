using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

namespace HostApp;

/// <summary>What an application does with the library, with a line for each job that is done.</summary>
static class Jobs
{
    const int Rows = 12;

    public static void Images(int size)
    {
        var ml = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(Picture));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, size, size);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(i => Picture.Of(i, size)), schema);
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { Network = new CifarResNet(8), BatchSize = 4, Epoch = 1 });
        Run(ml, trainer.Fit(rows), rows, model => ml.Model.CreatePredictionEngine<Picture, Answer>(model, inputSchemaDefinition: schema), i => Picture.Of(i, size));
    }

    public static void Texts()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(Mail.Of));
        var trainer = ml.MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options { Network = new TextCnn(), BatchSize = 4, Epoch = 1 });
        Run(ml, trainer.Fit(rows), rows, model => ml.Model.CreatePredictionEngine<Mail, Answer>(model), Mail.Of);
    }

    /// <summary>Trains on texts of many lengths, so that what a step frees does not fit the next, and tells how many MB the process takes after each epoch.</summary>
    public static double[] LargeVocabulary(SharpnessRule rule)
    {
        const int OtherWords = 150_000;
        var random = new Random(1);
        var ml = new MLContext(seed: 1);
        var mails = Enumerable.Range(0, 200).Select(i => new Mail { Sentence1 = string.Join(' ', Enumerable.Range(0, 3 + random.Next(40)).Select(_ => $"w{random.Next(500)}")), Label = (uint)i % 3 }).ToArray();
        List<double> megabytes = [];
        var options = new SamTextTrainer.Options
        {
            Sharpness = rule,
            Network = new TextTransformer(Width: 64),
            Tokenizer = new LearnedVocabulary(Buckets: OtherWords),
            BatchSize = 16,
            Epoch = 6,
            MetricsCallback = _ => megabytes.Add(Math.Round(Memory.Resident() / Memory.Mebibyte)),
            ValidationSetFraction = null,
            EarlyStoppingCriteria = null,
        };
        ml.MulticlassClassification.Trainers.SamText(options).Fit(ml.Data.LoadFromEnumerable(mails)).Dispose();
        return [.. megabytes];
    }

    static void Run<TRow>(MLContext ml, ITransformer model, IDataView rows, Func<ITransformer, PredictionEngine<TRow, Answer>> engineOf, Func<int, TRow> row)
        where TRow : class
    {
        Console.WriteLine($"trained {model.GetType().Name}");
        using var file = new MemoryStream();
        ml.Model.Save(model, rows.Schema, file);
        var loaded = ml.Model.Load(file, out _);
        foreach (var each in new[] { model, loaded })
        {
            var scores = each.Transform(rows).GetColumn<float[]>("Score").ToArray();
            using var engine = engineOf(each);
            Console.WriteLine($"scored {scores.Length}, predicted {Enumerable.Range(0, Rows).Count(i => engine.Predict(row(i)).Score.Length == 3)}");
        }
    }
}

sealed class Picture
{
    public float[] Features { get; set; } = [];

    [KeyType(3)]
    public uint Label { get; set; }

    public static Picture Of(int number, int size) => new()
    {
        Features = [.. Enumerable.Range(0, 3 * size * size).Select(x => MathF.Sin(x * (number % 3 + 1) + number))],
        Label = (uint)number % 3,
    };
}

sealed class Mail
{
    public string Sentence1 { get; set; } = "";

    [KeyType(3)]
    public uint Label { get; set; }

    public static Mail Of(int number) => new() { Sentence1 = $"mail number {number} of {number % 3}", Label = (uint)number % 3 };
}

sealed class Answer
{
    public float[] Score { get; set; } = [];
}
