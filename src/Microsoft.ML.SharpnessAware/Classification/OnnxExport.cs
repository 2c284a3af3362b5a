using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier as an ONNX model: from rows to the probabilities, the index of the likeliest class and the embedding.</summary>
internal static class OnnxExport
{
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";

    public static void Write(Classifier classifier, string path, OnnxExportOptions? options) => OnnxFile.Write(Require.NotNull(path), ModelOf(classifier, options));

    public static void Write(Classifier classifier, Stream stream, OnnxExportOptions? options)
    {
        Require.NotNull(stream);
        ModelOf(classifier, options).WriteTo(stream);
    }

    /// <exception cref="InvalidOperationException">The network cannot be exported.</exception>
    /// <exception cref="ObjectDisposedException">The transformer has been disposed of.</exception>
    public static OnnxGraph GraphOf(Classifier classifier, int opset)
    {
        OnnxGraph? graph = null;
        classifier.Read(network =>
        {
            Try(network, classifier.OnnxInputs);
            graph = new OnnxGraph(network, opset, [Score, PredictedLabel, .. classifier.Embedding is { } column ? [column.Name] : Array.Empty<string>()]);
            Fill(graph, network, classifier);
        });
        return graph!;
    }

    static ModelProto ModelOf(Classifier classifier, OnnxExportOptions? options)
    {
        var inputs = classifier.OnnxInputs;
        return OnnxFile.Of(GraphOf(classifier, (options ?? new()).Opset),
        [
            ("classes", RecordJson.Write(classifier.Classes.Names)),
            ("network", inputs.Network),
            ("shape", inputs.Shape),
            ("library", LibraryVersion.Text),
        ]);
    }

    // What is wrong with a network of a user's own shows here, before there is a file.
    static void Try(nn.Module<Tensor, Tensor> network, OnnxInputs inputs)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var example = inputs.Example();
        network.call(network.parameters().FirstOrDefault() is { } weights ? example.to(weights.device) : example);
    }

    static void Fill(OnnxGraph graph, nn.Module<Tensor, Tensor> network, Classifier classifier)
    {
        var (inputs, classes) = (classifier.OnnxInputs, classifier.Classes.Count);
        var logits = graph.Call(network, inputs.AddTo(graph));
        var scores = MeanOfViews(graph, graph.Softmax(logits), inputs.Views, classes);
        graph.Output(Score, scores, Element.Float, "N", classes);
        graph.Output(PredictedLabel, graph.Node("ArgMax", [scores], ("axis", 1), ("keepdims", 0)), Element.Int64, "N");
        if (classifier.Embedding is { } embedding)
            graph.Output(embedding.Name, MeanOfViews(graph, graph.Flatten(graph.InputOf(classifier.LastLayer)), inputs.Views, embedding.Size), Element.Float, "N", embedding.Size);
    }

    static string MeanOfViews(OnnxGraph graph, string rows, int views, int width) =>
        views == 1 ? rows : graph.Mean(graph.Reshape(rows, views, -1, width), axis: 0);
}

/// <summary>How rows come into an ONNX graph, in which classifiers differ.</summary>
internal abstract class OnnxInputs
{
    /// <summary>The network's record, as JSON.</summary>
    public abstract string Network { get; }

    /// <summary>The shape of what the network is given, as JSON.</summary>
    public abstract string Shape { get; }

    /// <summary>Of each row, how many views the network is called with.</summary>
    public virtual int Views => 1;

    /// <summary>Something that the network can be called with, in the caller's scope.</summary>
    public abstract Tensor Example();

    /// <summary>Declares the graph's inputs, and returns the name of what the network is called with: all rows in the first view, then all in the next.</summary>
    public abstract string AddTo(OnnxGraph graph);

    /// <summary>The name of the graph's input, and its shape with -1 for the rows, where it can be a vector of Single in ML.NET; else null, and why not.</summary>
    public abstract (string Name, long[] Shape)? AsVector(out string whyNot);
}
