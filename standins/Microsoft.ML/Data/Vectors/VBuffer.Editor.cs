using Microsoft.ML.Internal.Utilities;

namespace Microsoft.ML.Data;

public readonly partial struct VBuffer<T>
{
    internal VBufferEditor<T> GetEditor() => GetEditor(Length, _count);

    internal VBufferEditor<T> GetEditor(
        int newLogicalLength,
        int? valuesCount,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        Check(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        Check(valuesCount is null or >= 0, nameof(valuesCount), "If specified, must be non-negative.");
        Check(valuesCount is null || valuesCount <= newLogicalLength, nameof(valuesCount), "If specified, must be no greater than newLogicalLength");
        var count = valuesCount ?? newLogicalLength;
        var capacity = maxValuesCapacity ?? Array.MaxLength;
        var (values, indices) = (_values, _indices);
        var needsIndices = count < newLogicalLength || requireIndicesOnDense;
        var newValues = ArrayUtils.EnsureSize(ref values, count, capacity, keepOldOnResize);
        var newIndices = needsIndices && ArrayUtils.EnsureSize(ref indices, count, capacity, keepOldOnResize);
        return new(newLogicalLength, count, values, indices, requireIndicesOnDense, newValues, newIndices);
    }
}
