using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A graph as an ONNX file.</summary>
internal static class OnnxFile
{
    // The versions of the file format that came with these operators, by the table of versions in ONNX's specification.
    const int FirstOfFormat8 = 15;

    // Protocol buffers end there; the rest is for all but the weights.
    const long MostBytes = int.MaxValue - 16_000_000;

    /// <param name="graph">The graph.</param>
    /// <param name="metadata">Texts for people and programs, by their keys.</param>
    /// <exception cref="InvalidOperationException">The weights are too large for one file.</exception>
    public static ModelProto Of(OnnxGraph graph, IEnumerable<(string Key, string Value)> metadata)
    {
        var bytes = graph.Graph.Initializer.Sum(weights => (long)weights.RawData.Length);
        if (bytes > MostBytes)
            throw new InvalidOperationException($"The network's weights have {bytes} bytes, but an ONNX file can have {int.MaxValue} only. Train a smaller network.");
        return new ModelProto
        {
            IrVersion = graph.Opset < FirstOfFormat8 ? 7 : 8,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = graph.Opset } },
            ProducerName = typeof(OnnxFile).Namespace,
            ProducerVersion = LibraryVersion.Text,
            Graph = graph.Graph,
            MetadataProps = { metadata.Select(text => new StringStringEntryProto { Key = text.Key, Value = text.Value }) },
        };
    }

    /// <summary>Writes the model to a file, which appears, or is replaced, when it is complete.</summary>
    public static void Write(string path, ModelProto model) => WholeFile.WriteBytes(path, model.WriteTo);
}
