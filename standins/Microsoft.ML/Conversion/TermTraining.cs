using Microsoft.ML.Data;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Collects the values that columns have.</summary>
internal sealed class TermTraining(IHost host, IChannel channel, KeyColumn[] columns, DataViewType[] types)
{
    /// <summary>The values that occur in the data.</summary>
    public TermMap[] Train(IDataView data)
    {
        foreach (var column in columns)
            channel.CheckUserArg(column.MaximumNumberOfKeys > 0, "MaxNumTerms", "Must be positive");

        var maps = types.Select(type => TermMap.Create((PrimitiveDataViewType)type.GetItemType())).ToArray();
        var inputs = columns.Select(column => data.Schema[column.InputName]).ToArray();
        using (var cursor = data.GetRowCursor(inputs.DistinctBy(input => input.Index)))
            Collect(cursor, [.. maps.Select((map, i) => Collector(cursor, inputs[i], map, columns[i].MaximumNumberOfKeys))]);

        for (var i = 0; i < maps.Length; i++)
        {
            if (maps[i].Count == 0)
                channel.Warning("Term map for output column '{0}' contains no entries.", columns[i].OutputName);
            Order(maps[i], columns[i]);
        }

        return maps;
    }

    /// <summary>The values given, one map for all columns.</summary>
    public TermMap[] Take(IDataView keyData)
    {
        var itemType = types[0].GetItemType();
        var given = keyData.Schema[0];
        if (!given.Type.Equals(itemType))
            throw channel.ExceptUserArg(nameof(keyData), "Input data's column must be of type '{0}' but was '{1}'", itemType, given.Type);

        var map = TermMap.Create((PrimitiveDataViewType)itemType);
        using (var cursor = keyData.GetRowCursor([given]))
            Collect(cursor, [Collector(cursor, given, map, int.MaxValue)]);
        if (map.Count == 0)
            channel.Warning("Map from the term data resulted in an empty map.");
        Order(map, columns[0]);

        for (var i = 1; i < types.Length; i++)
        {
            if (!types[i].GetItemType().Equals(map.ItemType))
            {
                throw channel.ExceptParam(nameof(keyData), "Terms from input data type '{0}' but mismatches column '{1}' item type '{2}'",
                    map.ItemType, columns[i].OutputName, types[i].GetItemType());
            }
        }

        return [.. Enumerable.Repeat(map, types.Length)];
    }

    private static void Order(TermMap map, KeyColumn column)
    {
        if (column.Ordinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            map.Sort();
    }

    /// <summary>Feeds every row to the collectors until all have enough.</summary>
    private void Collect(DataViewRowCursor cursor, Func<bool>[] collectors)
    {
        var hungry = collectors.ToList();
        while (hungry.Count > 0 && cursor.MoveNext())
        {
            host.CheckAlive();
            hungry.RemoveAll(takesMore => !takesMore());
        }
    }

    private static Func<bool> Collector(DataViewRowCursor cursor, DataViewSchema.Column input, TermMap map, int limit)
    {
        Delegate make = input.Type is VectorDataViewType ? VectorCollector<int> : ScalarCollector<int>;
        return Utils.MarshalInvoke<Func<bool>>(map.ItemType.RawType, make, cursor, input, map, limit);
    }

    private static Func<bool> ScalarCollector<T>(DataViewRow row, DataViewSchema.Column input, TermMap<T> map, int limit)
    {
        var get = row.GetGetter<T>(input);
        T value = default;
        return () =>
        {
            get(ref value);
            map.TryAdd(value);
            return map.Count < limit;
        };
    }

    private static Func<bool> VectorCollector<T>(DataViewRow row, DataViewSchema.Column input, TermMap<T> map, int limit)
    {
        var get = row.GetGetter<VBuffer<T>>(input);
        VBuffer<T> values = default;
        return () =>
        {
            get(ref values);
            foreach (var value in values.DenseValues())
            {
                map.TryAdd(value);
                if (map.Count >= limit)
                    return false;
            }

            return true;
        };
    }
}
