using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A trained network with what it needs to turn rows into probabilities. Any number of threads may use it at once.</summary>
internal abstract class Classifier(LabelClasses classes, nn.Module<Tensor, Tensor> network, Device device, EmbeddingColumn? embedding, string lastLayer) : IDisposable
{
    readonly FeatureTap? _tap = embedding is null ? null : new FeatureTap(network, lastLayer);
    bool _disposed;

    /// <summary>The classes that it tells apart.</summary>
    public LabelClasses Classes { get; } = classes;

    /// <summary>The label column that it was trained on, and the columns that it adds.</summary>
    public abstract ClassifierColumns Columns { get; }

    /// <summary>What comes to the last layer, as a column; null for none.</summary>
    public EmbeddingColumn? Embedding { get; } = embedding;

    /// <summary>How many numbers <see cref="Score"/> gives for each row.</summary>
    public int Outputs { get; } = classes.Count + (embedding?.Size ?? 0);

    /// <summary>The network that scores, in eval mode, for reading only.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public nn.Module<Tensor, Tensor> Network
    {
        get
        {
            ThrowIfDisposed();
            return network;
        }
    }

    /// <summary>The columns that it reads, of data of that schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds something else than the classifier was trained on.</exception>
    public abstract ClassifierInput InputOf(DataViewSchema schema, IExceptionContext context);

    /// <summary>A network of the same kind, with weights of its own.</summary>
    public abstract nn.Module<Tensor, Tensor> BuildNetwork();

    /// <summary>The labelled rows as the network takes them; any that the classifier would skip are left out.</summary>
    public abstract IExamples Load(IDataView data, IHost host, Action checkAlive);

    /// <summary>The probabilities of all classes, and then the embedding where there is one, row after row, from one forward pass; of a row in several views their mean. What it says of an unusable row means nothing.</summary>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public float[] Score(IScorableRows rows)
    {
        ThrowIfDisposed();
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var scores = new float[rows.Count * Outputs];
        var views = new int[rows.Count];
        foreach (var (inputs, batch) in rows.Batches(device))
        {
            var scored = OutputsOf(inputs).cpu().data<float>().ToArray();
            for (var i = 0; i < batch.Length; i++)
                AddView(scores.AsSpan(batch[i] * Outputs, Outputs), scored.AsSpan(i * Outputs, Outputs), ++views[batch[i]]);
        }
        return scores;
    }

    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public void Save(IHost host, ModelSaveContext model, VersionInfo version)
    {
        ThrowIfDisposed();
        model.CheckAtModel();
        model.SetVersionInfo(version);
        Classes.Save(host, model);
        SaveParts(model);
    }

    public void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, Transformer);

    public void Dispose()
    {
        if (!_disposed)
        {
            _tap?.Dispose();
            network.Dispose();
        }
        _disposed = true;
    }

    /// <summary>What users know it as.</summary>
    protected abstract Type Transformer { get; }

    /// <summary>Saves all but the classes beside the model's body.</summary>
    protected abstract void SaveParts(ModelSaveContext model);

    Tensor OutputsOf(Tensor inputs)
    {
        if (_tap is null)
            return nn.functional.softmax(network.call(inputs), dim: 1);
        var (features, logits) = _tap.Forward(inputs);
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
    protected static nn.Module<Tensor, Tensor> LoadNetwork(IHost host, ModelLoadContext context, Device device, Func<nn.Module<Tensor, Tensor>> build)
    {
        using var random = Seeds.BorrowGlobalGenerator();
        var network = ModelParts.LoadNetwork(host, context, build);
        network.to(device).eval();
        return network;
    }
}
