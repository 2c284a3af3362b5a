using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>The doors to the conversions of columns.</summary>
public static class ConversionsExtensionsCatalog
{
    public static KeyToValueMappingEstimator MapKeyToValue(
        this TransformsCatalog.ConversionTransforms catalog, string outputColumnName, string inputColumnName = null)
        => new(CatalogUtils.GetEnvironment(catalog), (outputColumnName, inputColumnName ?? outputColumnName));

    public static KeyToValueMappingEstimator MapKeyToValue(this TransformsCatalog.ConversionTransforms catalog, InputOutputColumnPair[] columns)
    {
        var env = CatalogUtils.GetEnvironment(catalog);
        env.CheckValue(columns, nameof(columns));
        return new KeyToValueMappingEstimator(env, [.. columns.Select(column => (column.OutputColumnName, column.InputColumnName))]);
    }

    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.Defaults.MaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.Defaults.Ordinality,
        bool addKeyValueAnnotationsAsText = ValueToKeyMappingEstimator.Defaults.AddKeyValueAnnotationsAsText,
        IDataView keyData = null)
    {
        var column = new KeyColumn(outputColumnName, inputColumnName ?? outputColumnName, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText);
        return new ValueToKeyMappingEstimator(CatalogUtils.GetEnvironment(catalog), [column], keyData);
    }

    public static ValueToKeyMappingEstimator MapValueToKey(
        this TransformsCatalog.ConversionTransforms catalog,
        InputOutputColumnPair[] columns,
        int maximumNumberOfKeys = ValueToKeyMappingEstimator.Defaults.MaximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality = ValueToKeyMappingEstimator.Defaults.Ordinality,
        bool addKeyValueAnnotationsAsText = ValueToKeyMappingEstimator.Defaults.AddKeyValueAnnotationsAsText,
        IDataView keyData = null)
    {
        var env = CatalogUtils.GetEnvironment(catalog);
        env.CheckValue(columns, nameof(columns));
        var keyColumns = columns.Select(column
            => new KeyColumn(column.OutputColumnName, column.InputColumnName, maximumNumberOfKeys, keyOrdinality, addKeyValueAnnotationsAsText));
        return new ValueToKeyMappingEstimator(env, [.. keyColumns], keyData);
    }
}
