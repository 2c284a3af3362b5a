using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.SharpnessAware;

[assembly: LoadableClass(typeof(SamImageTransformer), null, typeof(SignatureLoadModel), SamImageTransformer.UserName, SamImageTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(IRowMapper), typeof(SamImageTransformer), null, typeof(SignatureLoadRowMapper), SamImageTransformer.UserName, SamImageTransformer.LoaderSignature)]

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classifies images with a trained network: adds a column of probabilities and one of predicted labels. Created by <see cref="SamImageTrainer"/>.</summary>
/// <remarks>Safe to use from many threads at once, until it is disposed of.</remarks>
public sealed class SamImageTransformer : RowToRowTransformerBase, ITransformer, IMeasurable, IDisposable
{
    internal const string UserName = "SAM Image Classifier";
    internal const string LoaderSignature = "SamImageTransformer";

    readonly ImageClassifier _classifier;

    internal SamImageTransformer(IHostEnvironment env, ImageClassifier classifier)
        : base(env.Register(nameof(SamImageTransformer))) => _classifier = classifier;

    /// <summary>The data with the columns of probabilities and predicted labels, scored in batches.</summary>
    /// <remarks>Each reader reads the data once, up to 64 rows ahead, to fill the batches. An image that is read together with the scores is a copy, which is disposed of when the next row is read.</remarks>
    public new IDataView Transform(IDataView input) => new BatchScoringView(input, MakeDataTransform(input), _classifier, Host);

    /// <summary>Writes the model to an ONNX file, which appears, or is replaced, when it is complete.</summary>
    /// <remarks>The input of the graph is <c>images</c> [N, C, H, W] of the size of the network's input: float32 if the model was trained on vectors of Single, else uint8 from 0 to 255. The graph contains normalization and test-time augmentation, but not decoding and scaling. Its outputs are <c>Score</c>, float32 [N, classes]; <c>PredictedLabel</c>, int64 [N], the index of the class from 0; and the embedding, if the model has one, under the name of its column. The names of the classes are in the metadata of the file.</remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="options">The version of ONNX's operators; 17 by default.</param>
    /// <exception cref="InvalidOperationException">A layer of the network has no ONNX operators; the message names it.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public void ExportToOnnx(string path, OnnxExportOptions? options = null) => OnnxExport.Write(_classifier, path, options);

    /// <summary>Writes the model to a stream, in the form that <see cref="ExportToOnnx(string, OnnxExportOptions?)"/> describes.</summary>
    /// <param name="stream">The stream, which stays open. If the model cannot be exported, nothing is written.</param>
    /// <param name="options">The version of ONNX's operators; 17 by default.</param>
    /// <exception cref="InvalidOperationException">A layer of the network has no ONNX operators; the message names it.</exception>
    public void ExportToOnnx(Stream stream, OnnxExportOptions? options = null) => OnnxExport.Write(_classifier, stream, options);

    /// <summary>Frees the network's memory. The transformer cannot score afterwards.</summary>
    public void Dispose() => _classifier.Dispose();

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new ClassifierMapper(this, _classifier, schema, Host);

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx) => _classifier.Save(Host, ctx, Version());

    /// <summary>What the model is: its network, its classes, its columns, and how it was trained.</summary>
    public ClassifierFacts Facts => _classifier.Facts;

    Classifier IMeasurable.Classifier => _classifier;

    internal static SamImageTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(nameof(SamImageTransformer));
        ctx.CheckAtModel(Version());
        return new SamImageTransformer(env, MlNetErrors.Logged(host, () => ImageClassifier.Load(host, ctx)));
    }

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema schema) => Create(env, ctx).MakeRowMapper(schema);

    static VersionInfo Version() => ModelParts.Version("SAMIMAGE", LoaderSignature);
}
