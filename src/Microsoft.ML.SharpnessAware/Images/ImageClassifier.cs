using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier of images.</summary>
internal sealed class ImageClassifier(ImageModel model, LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device) : Classifier(classes, network, device, model.Embedding, model.Network.NameOfLastLayer)
{
    public override ClassifierColumns Columns => new(model.Columns.Label, model.Columns.Score, model.Columns.PredictedLabel, model.Embedding?.Name);

    protected override Type Transformer => typeof(SamImageTransformer);

    /// <exception cref="FormatException">The model is damaged.</exception>
    public static ImageClassifier Load(IHost host, ModelLoadContext context)
    {
        var (classes, model) = LoadModel<ImageModel>(host, context);
        var device = Libtorch.OpenToScore(host);
        return new ImageClassifier(model, classes, LoadNetwork(host, context, device, () => model.Network.WithoutFiles.Build(model.Shape, classes.Count)), device);
    }

    public override ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context) => new ImageInput(model, schema, context);

    public override nn.Module<Tensor, Tensor> BuildNetwork() => model.Network.WithoutFiles.Build(model.Shape, Classes.Count);

    public override IExamples Load(IDataView data, IHost host, Action checkAlive) => ImageExamples.Load(data, new ImageLoading
    {
        ImageColumn = model.Columns.Feature,
        LabelColumn = model.Columns.Label,
        Network = model.Network,
        Shape = model.Shape,
        BadImages = model.BadImages,
        MaxMegapixels = model.MaxMegapixels,
        CacheBudget = new SamImageTrainer.Options().CacheMegabytes * 1_000_000L,
        TempFolder = HostSettings.Of(host).TempFilePath,
        CheckAlive = checkAlive,
    }).With(model.Normalization);

    protected override void SaveParts(ModelSaveContext context) => ModelParts.Save(context, model, Network);
}
