using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which data view type stands for which C# type, beyond the standard ones.</summary>
public static class DataViewTypeManager
{
    private static readonly HashSet<Type> _standardTypes =
    [
        typeof(bool), typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(string), typeof(ReadOnlySpan<char>), typeof(ReadOnlyMemory<char>), typeof(VBuffer<>), typeof(Nullable<>),
        typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DataViewRowId),
    ];

    private static readonly Dictionary<Source, DataViewType> _viewTypes = [];
    private static readonly Dictionary<DataViewType, Source> _sources = [];
    private static readonly object _lock = new();

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        lock (_lock)
        {
            if (_standardTypes.Contains(type))
            {
                throw Contracts.ExceptParam(nameof(type), $"Type {type} has been registered as ML.NET's default supported type, "
                    + "so it can't not be registered again.");
            }

            var source = new Source(type, typeAttribute);
            if (_viewTypes.TryGetValue(source, out var knownType) && !knownType.Equals(dataViewType))
            {
                throw Contracts.ExceptParam(nameof(type), $"Repeated type register. The raw type {type} "
                    + $"has been associated with {knownType} so it cannot be associated with {dataViewType}.");
            }

            if (_sources.TryGetValue(dataViewType, out var knownSource) && knownSource != source)
            {
                throw Contracts.ExceptParam(nameof(dataViewType), $"Repeated type register. The DataView type {dataViewType} "
                    + $"has been associated with {knownSource.Type} so it cannot be associated with {type}.");
            }

            _viewTypes[source] = dataViewType;
            _sources[dataViewType] = source;
        }
    }

    internal static DataViewType GetDataViewType(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (_lock)
        {
            return _viewTypes.TryGetValue(SourceOf(type, typeAttributes), out var viewType)
                ? viewType
                : throw Contracts.ExceptParam(nameof(type), $"The raw type {type} with attributes {typeAttributes} is not registered with a DataView type.");
        }
    }

    internal static bool Knows(Type type, IEnumerable<Attribute> typeAttributes = null)
    {
        lock (_lock)
            return _viewTypes.ContainsKey(SourceOf(type, typeAttributes));
    }

    private static Source SourceOf(Type type, IEnumerable<Attribute> attributes)
    {
        var own = attributes?.OfType<DataViewTypeAttribute>().ToArray() ?? [];
        if (own.Length > 1)
        {
            throw Contracts.ExceptParam(nameof(type), "Type {0} cannot be marked with multiple attributes, {1}, derived from {2}.",
                type.Name, own, typeof(DataViewTypeAttribute));
        }

        return new Source(type, own.FirstOrDefault());
    }

    private sealed record Source(Type Type, DataViewTypeAttribute Attribute)
    {
        public bool Equals(Source other)
            => other is not null && Type == other.Type && (Attribute == null ? other.Attribute == null : Attribute.Equals(other.Attribute));

        public override int GetHashCode() => HashCode.Combine(Type, Attribute);
    }
}
