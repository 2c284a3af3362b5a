using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Gives every row of a view a number; splits and filters take the rows whose number is in a range.</summary>
internal sealed class RowNumbers
{
    private const uint DefaultSeed = 42;

    private readonly IHostEnvironment _env;
    private readonly IDataView _data;
    private readonly Func<DataViewRowCursor, Func<double>> _read;
    private readonly DataViewSchema.Column? _column;

    private RowNumbers(IHostEnvironment env, IDataView data, Func<DataViewRowCursor, Func<double>> read, DataViewSchema.Column? column = null)
    {
        _env = env;
        _data = data;
        _read = read;
        _column = column;
    }

    /// <summary>Random numbers in [0, 1), the same in every cursor.</summary>
    public static RowNumbers Random(IHostEnvironment env, IDataView data, int? seed)
        => new(env, data, _ =>
        {
            var random = RandomUtils.Create(seed is { } value ? (uint)value : DefaultSeed);
            return () => random.NextSingle();
        });

    /// <summary>The place of a key among all keys, in (0, 1); NaN for a missing key.</summary>
    public static RowNumbers OfKey(IHostEnvironment env, IDataView data, DataViewSchema.Column column)
    {
        var count = column.Type.GetKeyCount();
        return new RowNumbers(env, data, cursor =>
        {
            var key = RowCursorUtils.GetKeyGetter(cursor, column);
            return () => key() is var value && value > 0 && value <= count ? ((uint)value - 0.5) / count : double.NaN;
        }, column);
    }

    /// <summary>The values of a column of reals.</summary>
    public static RowNumbers OfReal(IHostEnvironment env, IDataView data, DataViewSchema.Column column)
        => new(env, data, cursor => column.Type.RawType == typeof(float) ? Read<float>(cursor, column) : Read<double>(cursor, column), column);

    public IDataView Rows(ValueRange range)
        => new FilteredView(_env, _data, cursor =>
        {
            var number = _read(cursor);
            return () => range.Contains(number());
        }, _column);

    private static Func<double> Read<T>(DataViewRowCursor cursor, DataViewSchema.Column column)
        where T : IConvertible
    {
        var get = cursor.GetGetter<T>(column);
        T value = default;
        return () =>
        {
            get(ref value);
            return value.ToDouble(null);
        };
    }
}
