using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A trained network with what it needs to turn rows into probabilities. Any number of threads may use it at once.</summary>
internal abstract class Classifier(Type transformer, LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device, EmbeddingColumn? embedding, string lastLayer) : IDisposable
{
    readonly SharedNetwork _network = new(transformer, network, embedding is null ? null : new FeatureTap(network, lastLayer));

    /// <summary>What users know it as.</summary>
    public Type Transformer { get; } = transformer;

    /// <summary>The classes that it tells apart.</summary>
    public LabelClasses Classes { get; } = classes;

    /// <summary>The label column that it was trained on, and the columns that it adds.</summary>
    public abstract ClassifierColumns Columns { get; }

    /// <summary>What comes to the last layer, as a column; null for none.</summary>
    public EmbeddingColumn? Embedding { get; } = embedding;

    /// <summary>What the network calls the layer that puts out the logits.</summary>
    public string LastLayer { get; } = lastLayer;

    /// <summary>How it came about, for people to read.</summary>
    public abstract JsonObject Training { get; }

    /// <summary>How rows come into an ONNX graph.</summary>
    public abstract OnnxInputs OnnxInputs { get; }

    /// <summary>How many numbers <see cref="Score"/> gives for each row.</summary>
    public int Outputs { get; } = classes.Count + (embedding?.Size ?? 0);

    /// <summary>Reads from the network that scores, which is in eval mode.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public void Read(Action<nn.Module<Tensor, Tensor>> read) => _network.Use((network, _) => read(network));

    /// <summary>The columns that it reads, of data of that schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds something else than the classifier was trained on.</exception>
    public abstract ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context);

    /// <summary>What people may want to know of it.</summary>
    public abstract ClassifierFacts Facts { get; }

    /// <summary>A network of the same kind, with weights of its own.</summary>
    public abstract nn.Module<Tensor, Tensor> BuildNetwork();

    /// <summary>A copy of the network with all its weights, in eval mode and on the same device, which the caller owns.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public nn.Module<Tensor, Tensor> CopyNetwork(ScalarType precision)
    {
        // Outside of dispose scopes: some versions of TorchSharp leave what a conversion makes to them.
        var network = BuildFresh();
        network.to(precision);
        Read(trained =>
        {
            network.to(trained.parameters().First().device);
            using var noGradients = no_grad();
            using var scope = NewDisposeScope();
            var weights = trained.state_dict();
            foreach (var (name, tensor) in network.state_dict())
                tensor.copy_(weights[name]);
        });
        network.eval();
        return network;
    }

    /// <summary>The labelled rows as the network takes them; any that the classifier would skip are left out.</summary>
    public abstract IExamples Load(IDataView data, IHost host, Action checkAlive);

    /// <summary>The probabilities of all classes, and then the embedding where there is one, row after row, from one forward pass; of a row in several views their mean. What it says of an unusable row means nothing.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public float[] Score(IScorableRows rows)
    {
        var scores = new float[rows.Count * Outputs];
        _network.Use((network, tap) =>
        {
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            var views = new int[rows.Count];
            foreach (var (inputs, batch) in rows.Batches(device))
            {
                var scored = OutputsOf(network, tap, inputs).cpu().data<float>().ToArray();
                for (var i = 0; i < batch.Length; i++)
                    AddView(scores.AsSpan(batch[i] * Outputs, Outputs), scored.AsSpan(i * Outputs, Outputs), ++views[batch[i]]);
            }
        });
        return scores;
    }

    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public void Save(IHost host, ModelSaveContext model, VersionInfo version)
    {
        model.CheckAtModel();
        model.SetVersionInfo(version);
        Classes.Save(host, model);
        SaveParts(model);
    }

    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public void ThrowIfDisposed() => _network.ThrowIfDisposed();

    public void Dispose() => _network.Dispose();

    /// <summary>Saves all but the classes beside the model's body.</summary>
    protected abstract void SaveParts(ModelSaveContext model);

    nn.Module<Tensor, Tensor> BuildFresh()
    {
        using var random = Seeds.BorrowGlobalGenerator();
        return ChannelsLast.Arrange(BuildNetwork());
    }

    Tensor OutputsOf(nn.Module<Tensor, Tensor> network, FeatureTap? tap, Tensor inputs)
    {
        if (tap is null)
            return nn.functional.softmax(network.call(inputs), dim: 1);
        var (features, logits) = tap.Forward(inputs);
        var vectors = features.flatten(1);
        if (vectors.shape[1] != Embedding!.Size)
            throw Contracts.Except($"The model's file says that its embeddings have {Embedding.Size} numbers, but its network's have {vectors.shape[1]}. Save the model again.");
        return cat([nn.functional.softmax(logits, dim: 1), vectors], dim: 1);
    }

    // The mean so far becomes that of one view more.
    static void AddView(Span<float> mean, ReadOnlySpan<float> scored, int views)
    {
        for (var i = 0; i < mean.Length; i++)
            mean[i] += (scored[i] - mean[i]) / views;
    }

    /// <summary>The first of what <see cref="Save"/> has written.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    protected static (LabelClasses Classes, TModel Model) LoadModel<TModel>(IHost host, ModelLoadContext context)
        where TModel : IClassifierModel
    {
        var classes = LabelClasses.Load(host, context);
        var model = ModelParts.LoadModel<TModel>(host, context);
        host.CheckDecode(model.Classes.Count == classes.Count, "The model's parts disagree on the number of classes.");
        return (classes, model);
    }

    /// <summary>The network with the saved weights, ready to score on that device.</summary>
    /// <exception cref="FormatException">The weights are damaged or do not fit the network.</exception>
    protected static nn.Module<Tensor, Tensor> LoadNetwork(IHost host, ModelLoadContext context, Device device, double leastWeights, Func<nn.Module<Tensor, Tensor>> build)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        var network = ModelParts.LoadNetwork(host, context, leastWeights, build);
        // Only now: what is in the file goes straight into the default layout.
        ChannelsLast.Arrange(network);
        network.to(device).eval();
        return network;
    }
}

/// <summary>The names of the label column that a classifier was trained on and of the columns that it adds.</summary>
internal readonly record struct ClassifierColumns(string Label, string Score, string PredictedLabel, string? Embedding)
{
    /// <summary>The columns that it adds, in the order of ML.NET's own trainers of deep networks.</summary>
    public IReadOnlyList<string> Added => [PredictedLabel, Score, .. Embedding is null ? [] : (string[])[Embedding]];
}

/// <summary>The columns that a classifier reads, of data of one schema.</summary>
internal abstract class ClassifierInput
{
    public abstract IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>A cursor over the columns and others, in the order of the rows, or in one drawn by <paramref name="random"/>.</summary>
    public abstract DataViewRowCursor Cursor(IDataView data, IEnumerable<DataViewSchema.Column> others, Random? random);

    /// <summary>Takes what the row has in the columns, again and again as it moves on.</summary>
    public abstract IRowIntake Open(DataViewRow row);
}

/// <summary>The column of what comes to the network's last layer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">How many numbers there are.</param>
internal sealed record EmbeddingColumn(string Name, int Size);

/// <summary>All about a classifier but its weights and the values of its keys; what Model.json holds.</summary>
internal interface IClassifierModel
{
    /// <summary>The classes as people call them.</summary>
    IReadOnlyList<string> Classes { get; }

    /// <summary>The column of what comes to the network's last layer; null for none.</summary>
    EmbeddingColumn? Embedding { get; }

    /// <summary>Whether the file holds large weights as F16.</summary>
    bool HalfPrecisionWeights { get; }
}

/// <summary>A trained model whose loss can be looked at around its weights.</summary>
internal interface IMeasurable : ITransformer
{
    Classifier Classifier { get; }
}

/// <summary>Gathers rows to be scored together.</summary>
internal interface IRowIntake
{
    /// <summary>How many rows may be scored together, as they take memory.</summary>
    int Most { get; }

    /// <summary>Adds the row as it stands.</summary>
    void Add();

    /// <summary>What has been added since the last time, made ready for the network.</summary>
    IScorableRows Take();

    /// <summary>Forgets what has been added.</summary>
    void Clear();
}

/// <summary>Some rows, ready for a network.</summary>
internal interface IScorableRows
{
    int Count { get; }

    /// <summary>The rows in batches: what the network takes, on that device and in the caller's scope, and which rows these are. A row in several batches is scored in several views. Of unusable rows it means nothing.</summary>
    IEnumerable<(Tensor Inputs, int[] Rows)> Batches(Device device);

    /// <summary>Whether a row can have no scores.</summary>
    /// <param name="index">Which of these rows.</param>
    /// <param name="position">Its position in the data, for errors; null where it has none.</param>
    /// <exception cref="InvalidOperationException">It cannot, and the classifier does not skip such rows.</exception>
    bool IsUnusable(int index, long? position);
}
