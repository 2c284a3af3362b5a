using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Transforms;

/// <summary>Makes one vector of columns of the same type.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _source;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _source = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, [new ConcatenatedColumn(_name, [.. _source.Select(name => (name, (string)null))])]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        result[_name] = OutputOf([.. _source.Select(name => inputSchema.TryFindColumn(name, out var column)
            ? column
            : throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", name))]);
        return new SchemaShape(result.Values);
    }

    private SchemaShape.Column OutputOf(SchemaShape.Column[] inputs)
    {
        var itemType = inputs[0].ItemType;
        foreach (var input in inputs)
        {
            if (input.IsKey)
                throw _host.Except($"Column '{input.Name}' is key. Concatenation of keys is unsupported.");
            if (!input.ItemType.Equals(itemType))
            {
                throw _host.Except($"Concatenated columns should have the same type. Column '{input.Name}' has type of {input.ItemType}, "
                    + $"but expected column type is {itemType}.");
            }
        }

        var annotations = new List<SchemaShape.Column>();
        if (inputs.All(input => input.IsNormalized()))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false));
        if (inputs.Any(input => input.Kind == VectorKind.Scalar || input.HasSlotNames()))
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false));
        var kind = inputs.Any(input => input.Kind == VectorKind.VariableVector) ? VectorKind.VariableVector : VectorKind.Vector;
        return new SchemaShape.Column(_name, kind, itemType, false, new SchemaShape(annotations));
    }
}
