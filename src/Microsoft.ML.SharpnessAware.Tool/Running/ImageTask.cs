using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>Classifies the images of a folder with a folder for each class.</summary>
sealed class ImageTask : ClassificationTask
{
    /// <summary>The column of the images' bytes.</summary>
    public const string ImageSource = nameof(ImageSource);

    // Up to so many photographs an encoder with trained weights is a matter of minutes on a CPU.
    const int FewImages = 5000;

    const int SmallSide = 64;

    public override string Rows => "images";

    public override string Label => nameof(ImageFile.Label);

    /// <summary>The network; null for one that suits the images.</summary>
    public ImageNetwork? Network { get; init; }

    /// <summary>Whether a network that is left open starts from fresh weights also where trained ones would do better.</summary>
    public bool StartsFresh { get; init; }

    public override DataSplit Load(MLContext context, int seed, Action<string> warn)
    {
        var images = ImageFiles.WithClasses(Dataset);
        if (TestDataset is null)
            return DataSplit.Of(View(context, images), LabelsOf(images), Dataset, seed);
        var test = ImageFiles.WithClasses(TestDataset);
        return DataSplit.Of(View(context, images), LabelsOf(images), Dataset, View(context, test), LabelsOf(test), TestDataset);
    }

    public override SamTrainerOptions NewOptions(DataSplit data, Device device)
    {
        var startsTrained = Network is null && !StartsFresh && AreFewPhotographs(data);
        return new SamImageTrainer.Options
        {
            LabelColumnName = Label,
            FeatureColumnName = ImageSource,
            Network = startsTrained ? new DnnImageFeaturizerResNet18() : Network,
        };
    }

    public override IEstimator<ITransformer> Pipeline(MLContext context, SamTrainerOptions options) => context.Transforms.Conversion.MapValueToKey(Label)
        .Append(context.MulticlassClassification.Trainers.SamImage((SamImageTrainer.Options)options))
        .Append(context.Transforms.Conversion.MapKeyToValue(options.PredictedLabelColumnName));

    public override DataViewSchema InputSchema(DataSplit data) =>
        new MLContext().Transforms.DropColumns(nameof(ImageFile.ImagePath)).Fit(data.Train).GetOutputSchema(data.Train.Schema);

    /// <summary>Files with their classes, and their bytes, which are read when they are asked for.</summary>
    public static IDataView View(MLContext context, IEnumerable<ImageFile> images)
    {
        var files = context.Data.LoadFromEnumerable(images.ToArray());
        return context.Transforms.LoadRawImageBytes(ImageSource, imageFolder: null, nameof(ImageFile.ImagePath)).Fit(files).Transform(files);
    }

    static string[] LabelsOf(ImageFile[] images) => Array.ConvertAll(images, image => image.Label);

    static bool AreFewPhotographs(DataSplit data) => data.TrainRows <= FewImages && IsPhotograph(FirstPath(data.Train));

    static bool IsPhotograph(string path)
    {
        using var picture = SkiaSharp.SKCodec.Create(path);
        return picture is not null && Math.Max(picture.Info.Width, picture.Info.Height) > SmallSide;
    }

    static string FirstPath(IDataView images) => images.GetColumn<string>(nameof(ImageFile.ImagePath)).First();
}
