using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The label column of data, whose keys are the model's classes.</summary>
internal sealed class LabelColumn
{
    LabelColumn(DataViewSchema.Column column) => Column = column;

    public DataViewSchema.Column Column { get; }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it holds no keys.</exception>
    /// <exception cref="InvalidOperationException">Its keys are not the model's classes.</exception>
    public static LabelColumn Of(DataViewSchema schema, ClassifierFacts facts)
    {
        if (schema.GetColumnOrNull(facts.LabelColumnName) is not { } column)
            throw new ArgumentOutOfRangeException(nameof(schema), $"The data have no label column '{facts.LabelColumnName}', which the model was trained on. Their columns are {string.Join(", ", schema.Where(other => !other.IsHidden).Select(other => $"'{other.Name}'"))}.");
        if (column.Type is not KeyDataViewType)
            throw new ArgumentOutOfRangeException(nameof(schema), $"The label column '{column.Name}' must be a key, but is of type {column.Type}. Give a whole pipeline with its MapValueToKey as the model, or make the keys with the fitted one first.");
        if (NamesOf(column) is { } names && !names.SequenceEqual(facts.Classes))
            throw new InvalidOperationException($"The key values of column '{column.Name}', {Listed(names)}, are not the classes of the model, {Listed(facts.Classes)}. Make them with the fitted MapValueToKey that the model was trained with.");
        return new LabelColumn(column);
    }

    /// <summary>The class of the row that the cursor stands on, again and again; −1 where the label is missing.</summary>
    public Func<int> Open(DataViewRow row) => Column.Type.RawType switch
    {
        var type when type == typeof(byte) => Open<byte>(row, key => key),
        var type when type == typeof(ushort) => Open<ushort>(row, key => key),
        var type when type == typeof(ulong) => Open<ulong>(row, key => (int)key),
        _ => Open<uint>(row, key => (int)key),
    };

    Func<int> Open<T>(DataViewRow row, Func<T, int> number)
    {
        var getter = row.GetGetter<T>(Column);
        return () =>
        {
            T key = default!;
            getter(ref key);
            return number(key) - 1;
        };
    }

    // Texts only: of other values, the names that the model has for them are not to be had from here.
    static string[]? NamesOf(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return null;
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names.Select(name => $"'{name}'")];
        return string.Join(", ", all.Take(5)) + (all.Length > 5 ? $" and {all.Length - 5} more" : "");
    }
}
