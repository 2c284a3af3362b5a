using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier of texts.</summary>
internal sealed class TextClassifier(TextModel model, ITokenEncoder encoder, LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device) : Classifier(classes, network, device, model.Embedding, model.Network.NameOfLastLayer)
{
    public override ClassifierColumns Columns => new(model.Columns.Label, model.Columns.Score, model.Columns.PredictedLabel, model.Embedding?.Name);

    protected override Type Transformer => typeof(SamTextTransformer);

    /// <exception cref="FormatException">The model is damaged.</exception>
    public static TextClassifier Load(IHost host, ModelLoadContext context)
    {
        var (classes, model) = LoadModel<TextModel>(host, context);
        var encoder = ModelParts.LoadVocabulary(host, context, model.Tokenizer);
        host.CheckDecode(encoder.VocabularySize == model.Shape.Vocabulary && encoder.PadId == model.Shape.PadId, "The model's parts disagree on the vocabulary.");
        var device = Libtorch.OpenToScore(host);
        return new TextClassifier(model, encoder, classes, LoadNetwork(host, context, device, () => model.Network.Build(model.Shape, classes.Count)), device);
    }

    public override ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context)
    {
        SentenceColumns.Check(SchemaShape.Create(schema), model.Columns.Sentence1, model.Columns.Sentence2, context);
        return new TextInput(model, new TextPairReader(schema, model.Columns.Sentence1, model.Columns.Sentence2), encoder);
    }

    public override nn.Module<Tensor, Tensor> BuildNetwork() => model.Network.Build(model.Shape, Classes.Count);

    public override IExamples Load(IDataView data, IHost host, Action checkAlive) =>
        TextExamples.Of(new LabelledTextLoader(data, Loading(checkAlive)).Load(), encoder, model.Shape.MaxLength, checkAlive);

    protected override void SaveParts(ModelSaveContext context)
    {
        ModelParts.Save(context, model, Network);
        ModelParts.SaveVocabulary(context, encoder);
    }

    TextLoading Loading(Action checkAlive) => new()
    {
        Sentence1Column = model.Columns.Sentence1,
        Sentence2Column = model.Columns.Sentence2,
        LabelColumn = model.Columns.Label,
        EmptyTexts = model.EmptyTexts,
        CheckAlive = checkAlive,
    };
}
