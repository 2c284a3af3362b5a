using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.SharpnessAware;

[assembly: LoadableClass(typeof(SamTextTransformer), null, typeof(SignatureLoadModel), SamTextTransformer.UserName, SamTextTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(IRowMapper), typeof(SamTextTransformer), null, typeof(SignatureLoadRowMapper), SamTextTransformer.UserName, SamTextTransformer.LoaderSignature)]

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classifies texts with a trained network: adds a column of predicted labels and one of probabilities. Created by <see cref="SamTextTrainer"/>.</summary>
/// <remarks>Safe to use from many threads at once, until it is disposed of.</remarks>
public sealed class SamTextTransformer : RowToRowTransformerBase, ITransformer, IMeasurable, IDisposable
{
    internal const string UserName = "SAM Text Classifier";
    internal const string LoaderSignature = "SamTextTransformer";

    readonly TextClassifier _classifier;

    internal SamTextTransformer(IHostEnvironment env, TextClassifier classifier)
        : base(env.Register(nameof(SamTextTransformer))) => _classifier = classifier;

    /// <summary>The data with the columns of predicted labels and probabilities, scored in batches.</summary>
    /// <remarks>Each reader reads the data once, up to 64 rows ahead, to fill the batches.</remarks>
    public new IDataView Transform(IDataView input) => new BatchScoringView(input, MakeDataTransform(input), _classifier, Host);

    /// <summary>Writes the model to an ONNX file, which appears, or is replaced, when it is complete.</summary>
    /// <remarks>The inputs of the graph are <c>ids</c> and <c>sentences</c>, int64 [N, L]: the ids of tokens, padded at the end with the id of padding, and 0 for tokens of the first sentence, 1 for those of the second. The graph does not contain tokenization. Its outputs are <c>Score</c>, float32 [N, classes]; <c>PredictedLabel</c>, int64 [N], the index of the class from 0; and the embedding, if the model has one, under the name of its column. The names of the classes are in the metadata of the file.</remarks>
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

    internal static SamTextTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var host = env.Register(nameof(SamTextTransformer));
        ctx.CheckAtModel(Version());
        return new SamTextTransformer(env, MlNetErrors.Logged(host, () => TextClassifier.Load(host, ctx)));
    }

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema schema) => Create(env, ctx).MakeRowMapper(schema);

    static VersionInfo Version() => ModelParts.Version("SAMTEXT ", LoaderSignature);
}
