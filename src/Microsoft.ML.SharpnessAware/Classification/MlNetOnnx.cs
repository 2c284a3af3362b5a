using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.SharpnessAware.Onnx;
using Attribute = Microsoft.ML.SharpnessAware.Onnx.AttributeProto.Types.AttributeType;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A classifier's graph within that of a pipeline, which ML.NET's ConvertToOnnx writes.</summary>
internal static class MlNetOnnx
{
    const string OnnxDomain = "";

    /// <exception cref="InvalidOperationException">ML.NET has no way to bring such a column into a graph.</exception>
    public static void Check(Classifier classifier, string column)
    {
        if (classifier.OnnxInputs.AsVector(out var whyNot) is null)
            throw Fault(classifier, column, whyNot);
    }

    /// <param name="classifier">The classifier.</param>
    /// <param name="column">The column that it reads.</param>
    /// <param name="added">The columns that it adds.</param>
    /// <param name="context">The pipeline's graph.</param>
    /// <exception cref="InvalidOperationException">A step before is not in the graph, or the network cannot be exported.</exception>
    public static void Save(Classifier classifier, string column, IReadOnlyList<DataViewSchema.DetachedColumn> added, OnnxContext context)
    {
        context.CheckOpSetVersion(OnnxExportOptions.LeastOpset, typeof(MlNetOnnx).Namespace);
        if (!context.ContainsColumn(column))
            throw Fault(classifier, column, "it comes from a step of the pipeline that ML.NET cannot convert");
        var (input, shape) = classifier.OnnxInputs.AsVector(out _)!.Value;
        var graph = OnnxExport.GraphOf(classifier, OnnxExportOptions.LeastOpset).Graph;

        var copy = new GraphCopy(context);
        copy.Names[input] = copy.Node("Reshape", [context.GetVariableName(column), copy.Vector(shape)]);
        copy.Add(graph);
        foreach (var output in added)
            Output(output);

        void Output(DataViewSchema.DetachedColumn output)
        {
            var columns = classifier.Columns;
            var value = copy.Names[output.Name == columns.Score ? OnnxExport.Score : output.Name == columns.PredictedLabel ? OnnxExport.PredictedLabel : output.Name];
            if (output.Name == columns.PredictedLabel)
                value = Key(copy, value);
            context.CreateNode("Identity", value, context.AddIntermediateVariable(output.Type, output.Name), context.GetNodeName("Identity"), OnnxDomain);
        }
    }

    // From the index of a class [N], from 0, to a key [N, 1], from 1.
    static string Key(GraphCopy copy, string index)
    {
        var column = copy.Node("Reshape", [index, copy.Vector(-1, 1)]);
        return copy.Node("Cast", [copy.Node("Add", [column, copy.Vector(1)])], ("to", (long)Element.Uint32));
    }

    static InvalidOperationException Fault(Classifier classifier, string column, string reason) =>
        new($"ConvertToOnnx cannot convert the model of column '{column}': {reason}. Export it alone by its own ExportToOnnx, such as model.OfType<{classifier.Transformer.Name}>().Single().ExportToOnnx(\"model.onnx\") where model is a chain.");
}

/// <summary>Copies a graph into ML.NET's, under names that are free there.</summary>
internal sealed class GraphCopy(OnnxContext context)
{
    const string OnnxDomain = "";

    /// <summary>What the copy calls the graph's values.</summary>
    public Dictionary<string, string> Names { get; } = [];

    public void Add(GraphProto graph)
    {
        foreach (var constant in graph.Initializer)
            Names[constant.Name] = Constant(constant);
        foreach (var node in graph.Node)
            Names[node.Output[0]] = Node(node.OpType, node.Input.Select(input => Names[input]), [.. node.Attribute.Select(attribute => (attribute.Name, ValueOf(attribute)))]);
    }

    public string Vector(params long[] values) => context.AddInitializer(values, [values.Length], Prefixed("indices"), makeUniqueName: true);

    public string Node(string operation, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var output = context.AddIntermediateVariable(null, Prefixed(operation), skip: true);
        var node = context.CreateNode(operation, inputs, [output], context.GetNodeName(operation), OnnxDomain);
        foreach (var (name, value) in attributes)
            Add(node, name, value);
        return output;
    }

    static void Add(OnnxNode node, string name, object value)
    {
        if (value is long number)
            node.AddAttribute(name, number);
        else if (value is double real)
            node.AddAttribute(name, real);
        else if (value is string text)
            node.AddAttribute(name, text);
        else
            node.AddAttribute(name, (IEnumerable<long>)value);
    }

    string Constant(TensorProto constant)
    {
        var (name, isScalar) = (Prefixed(constant.Name), constant.Dims.Count == 0);
        if (constant.DataType == (int)Element.Int64)
        {
            var whole = MemoryMarshal.Cast<byte, long>(constant.RawData.Span).ToArray();
            return isScalar ? context.AddInitializer(whole[0], name, makeUniqueName: true) : context.AddInitializer(whole, constant.Dims, name, makeUniqueName: true);
        }
        var numbers = MemoryMarshal.Cast<byte, float>(constant.RawData.Span).ToArray();
        return isScalar ? context.AddInitializer(numbers[0], name, makeUniqueName: true) : context.AddInitializer(numbers, constant.Dims, name, makeUniqueName: true);
    }

    static object ValueOf(AttributeProto attribute) => attribute.Type switch
    {
        Attribute.Int => attribute.I,
        Attribute.Float => (double)attribute.F,
        Attribute.String => attribute.S.ToStringUtf8(),
        _ => attribute.Ints.AsEnumerable(),
    };

    // Columns and constants have names of one space.
    static string Prefixed(string name) => $"sam/{name}";
}
