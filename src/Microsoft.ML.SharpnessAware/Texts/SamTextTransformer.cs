using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.SharpnessAware;

[assembly: LoadableClass(typeof(SamTextTransformer), null, typeof(SignatureLoadModel), SamTextTransformer.UserName, SamTextTransformer.LoaderSignature)]
[assembly: LoadableClass(typeof(IRowMapper), typeof(SamTextTransformer), null, typeof(SignatureLoadRowMapper), SamTextTransformer.UserName, SamTextTransformer.LoaderSignature)]

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classifies texts with a trained network: adds a column of predicted labels and one of probabilities. Made by <see cref="SamTextTrainer"/>.</summary>
/// <remarks>Safe to use from many threads at once, until it is disposed of.</remarks>
public sealed class SamTextTransformer : RowToRowTransformerBase, ITransformer, IMeasurable, IDisposable
{
    internal const string UserName = "SAM Text Classifier";
    internal const string LoaderSignature = "SamTextTransformer";

    readonly TextClassifier _classifier;

    internal SamTextTransformer(IHostEnvironment env, TextClassifier classifier)
        : base(env.Register(nameof(SamTextTransformer))) => _classifier = classifier;

    /// <summary>The data with the columns of predicted labels and probabilities, scored in batches.</summary>
    /// <remarks>The data are read once for each reader, and up to 64 rows ahead of it, to fill the batches.</remarks>
    public new IDataView Transform(IDataView input) => new BatchScoringView(input, MakeDataTransform(input), _classifier, Host);

    /// <summary>Frees the network's memory. The transformer cannot score afterwards.</summary>
    public void Dispose() => _classifier.Dispose();

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new ClassifierMapper(this, _classifier, schema, Host);

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx) => _classifier.Save(Host, ctx, Version());

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
