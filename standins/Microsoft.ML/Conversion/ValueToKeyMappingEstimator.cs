using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Numbers the values of a column: each becomes its place in a list of all values seen.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    private readonly IHost _host;
    private readonly KeyColumn[] _columns;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, KeyColumn[] columns, IDataView keyData)
    {
        Contracts.CheckValue(env, nameof(env));
        foreach (var column in columns)
            Contracts.CheckNonWhiteSpace(column.OutputName, "outputColumnName");
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        _host.CheckNonEmpty(columns, nameof(columns));
        if (keyData != null && keyData.Schema.Count != 1)
        {
            throw _host.ExceptParam(nameof(keyData), "If specified, this data view should contain only a single column "
                + $"containing the terms to map, but this had {keyData.Schema.Count} columns.");
        }

        _columns = columns;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input) => new(_host, input, _columns, _keyData);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(column => column.Name);
        foreach (var column in _columns)
        {
            if (!inputSchema.TryFindColumn(column.InputName, out var input) || !input.ItemType.IsStandardScalar())
                throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", column.InputName);
            var annotations = new List<SchemaShape.Column>();
            if (input.Annotations.TryFindColumn(AnnotationUtils.Kinds.SlotNames, out var slotNames))
                annotations.Add(slotNames);
            annotations.Add(KeyValues(column, input));
            result[column.OutputName] = new SchemaShape.Column(column.OutputName, input.Kind, NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        }

        return new SchemaShape(result.Values);
    }

    private static SchemaShape.Column KeyValues(KeyColumn column, SchemaShape.Column input)
    {
        const SchemaShape.Column.VectorKind Vector = SchemaShape.Column.VectorKind.Vector;
        if (input.IsKey && input.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var keyValues) && keyValues.Kind == Vector)
            return keyValues;
        return new SchemaShape.Column(
            AnnotationUtils.Kinds.KeyValues, Vector, column.TextAnnotations ? TextDataViewType.Instance : input.ItemType, input.IsKey);
    }

    internal static class Defaults
    {
        public const int MaximumNumberOfKeys = 1000000;
        public const KeyOrdinality Ordinality = KeyOrdinality.ByOccurrence;
        public const bool AddKeyValueAnnotationsAsText = false;
    }
}
