using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Reads the view once and keeps its values in memory.</summary>
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        var prefetch = new int[columnsToPrefetch?.Length ?? 0];
        for (var i = 0; i < prefetch.Length; i++)
        {
            if (!input.Schema.TryGetColumnIndex(columnsToPrefetch[i], out prefetch[i]))
                throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", columnsToPrefetch[i]);
        }

        return new CacheDataView(_env, input, prefetch);
    }

    /// <summary>The rows whose number is in [lowerBound, upperBound).</summary>
    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound < upperBound, nameof(upperBound), "Must be less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        if (column.Type.RawType != typeof(float) && column.Type.RawType != typeof(double))
            throw _env.ExceptUserArg("Column", "Column '{0}' does not have compatible type", columnName);
        return RowNumbers.OfReal(_env, input, column).Rows(new ValueRange(lowerBound, upperBound));
    }

    /// <summary>The rows whose key is in this part of all keys.</summary>
    public IDataView FilterRowsByKeyColumnFraction(IDataView input, string columnName, double lowerBound = 0, double upperBound = 1)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound is >= 0 and <= 1, nameof(lowerBound), "Must be in [0, 1]");
        _env.CheckParam(upperBound is >= 0 and <= 1, nameof(upperBound), "Must be in [0, 1]");
        _env.CheckParam(lowerBound <= upperBound, nameof(upperBound), "Must be no less than lowerBound");
        var column = input.Schema[columnName];
        if (column.Type.GetKeyCount() == 0)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "KeyType", column.Type.ToString());
        return RowNumbers.OfKey(_env, input, column).Rows(new ValueRange(lowerBound, upperBound));
    }

    /// <summary>The rows in random order, as far as a pool of rows can shuffle them.</summary>
    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledView(_env, input, seed, shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_env, input, skip: count, take: long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeView(_env, input, skip: 0, take: count);
    }
}
