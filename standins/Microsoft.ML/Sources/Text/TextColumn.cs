using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Fields [Min, Lim) of a line; <see cref="ToEndOfLine"/> as Lim means all that follow.</summary>
internal readonly record struct TextSegment(int Min, int Lim, bool ForceVector)
{
    public const int ToEndOfLine = int.MaxValue;

    public bool IsVariable => Lim == ToEndOfLine;
}

/// <summary>A column of a text loader, bound to the fields it is read from.</summary>
internal sealed class TextColumn
{
    private TextColumn(string name, PrimitiveDataViewType itemType, TextSegment[] segments)
    {
        var ordered = segments.OrderBy(segment => segment.Min).ToArray();
        for (var i = 1; i < ordered.Length; i++)
        {
            if (ordered[i - 1].Lim > ordered[i].Min)
                throw Contracts.ExceptUserArg(nameof(TextLoader.Column.Source), "Intervals specified for column '{0}' overlap", name);
        }

        Name = name;
        ItemType = itemType;
        Segments = segments;
        FixedSize = segments.Where(segment => !segment.IsVariable).Sum(segment => segment.Lim - segment.Min);
        if (segments.Any(segment => segment.IsVariable))
            Type = new VectorDataViewType(itemType);
        else if (FixedSize > 1 || segments[0].ForceVector)
            Type = new VectorDataViewType(itemType, FixedSize);
        else
            Type = itemType;
    }

    public string Name { get; }

    public DataViewType Type { get; }

    public PrimitiveDataViewType ItemType { get; }

    public TextSegment[] Segments { get; }

    /// <summary>The number of slots without those of a variable segment.</summary>
    public int FixedSize { get; }

    public static TextLoader.Column OfMember(IHostEnvironment env, MemberInfo member)
    {
        var kindOfMember = member is FieldInfo ? "Field" : "Property";
        if (member.GetCustomAttribute<LoadColumnAttribute>() is not { } source)
            throw env.Except($"{kindOfMember} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        var type = RowMembers.MemberType(member);
        if (!(type.IsArray ? type.GetElementType() : type).TryGetDataKind(out var kind))
            throw Contracts.Except($"{kindOfMember} {member.Name} is of unsupported type.");
        return new TextLoader.Column
        {
            Name = RowMembers.ColumnName(member),
            DataKind = kind.ToDataKind(),
            Source = [.. source.Sources],
            KeyCount = member.GetCustomAttribute<KeyTypeAttribute>()?.KeyCount,
        };
    }

    public static TextColumn[] Bind(IHost host, TextLoader.Column[] columns, TextFormat format, TextSample sample)
    {
        using var channel = host.Start("Binding");
        foreach (var column in columns)
        {
            if (column.Source is not { Length: > 0 })
                throw channel.ExceptUserArg(nameof(TextLoader.Column.Source), "Must specify some source column indices");
            if (column.Source.Any(range => range.AllOther))
                throw new NotSupportedException("Loading all the fields that no other column takes (AllOther) is not part of this stand-in of ML.NET.");
        }

        var inputSize = format.InputSize;
        if (inputSize == 0 && columns.Any(column => column.Source.Any(range => range.AutoEnd && range.Max == null)))
            inputSize = MeasureInput(channel, sample);
        return [.. columns.Select(column => Bind(channel, column, inputSize))];
    }

    /// <summary>The header's names of a known-size vector column's slots; null when there are none.</summary>
    public ReadOnlyMemory<char>[] SlotNames(TextField[] headerFields)
    {
        if (headerFields == null || !Type.IsKnownSizeVector())
            return null;
        var names = new ReadOnlyMemory<char>[FixedSize];
        var any = false;
        var start = 0;
        foreach (var segment in Segments)
        {
            foreach (var field in headerFields.Where(field => segment.Min <= field.Index && field.Index < segment.Lim))
            {
                names[start + field.Index - segment.Min] = field.Text.Trim();
                any = true;
            }

            start += segment.Lim - segment.Min;
        }

        return any ? names : null;
    }

    private static int MeasureInput(IChannel channel, TextSample sample)
    {
        var (min, max) = sample.FieldCounts();
        if (max == 0)
            throw channel.ExceptUserArg(nameof(TextLoader.Column.Source), "Can't determine the number of source columns without valid data");
        if (min < max)
            throw channel.ExceptUserArg(nameof(TextLoader.Column.Source), "The size of input lines is not consistent");
        return min;
    }

    private static TextColumn Bind(IChannel channel, TextLoader.Column column, int inputSize)
    {
        channel.CheckNonWhiteSpace(column.Name, nameof(column.Name));
        var segments = column.Source.Select(range => ToSegment(channel, range, inputSize)).ToArray();
        return new TextColumn(column.Name.Trim(), ItemTypeOf(column), segments);
    }

    private static PrimitiveDataViewType ItemTypeOf(TextLoader.Column column)
    {
        var kind = column.DataKind.ToInternalDataKind();
        if (column.KeyCount == null)
            return ColumnTypeExtensions.PrimitiveTypeFromKind(kind);
        var type = kind.ToType();
        Contracts.CheckUserArg(KeyDataViewType.IsValidDataType(type), "Type", "Bad item type for Key");
        return new KeyDataViewType(type, column.KeyCount.Count ?? type.ToMaxInt());
    }

    private static TextSegment ToSegment(IChannel channel, TextLoader.Range range, int inputSize)
    {
        channel.CheckUserArg(range.Min is >= 0 and < TextSegment.ToEndOfLine - 1, nameof(range.Min));
        if (range.Max is { } max)
        {
            channel.CheckUserArg(range.Min <= max && max < TextSegment.ToEndOfLine - 1, nameof(range.Max));
            return new TextSegment(range.Min, max + 1, range.ForceVector);
        }

        if (range.AutoEnd)
        {
            if (range.Min >= inputSize)
                throw channel.ExceptUserArg(nameof(range.Min), "Column #{0} not found in the dataset (it only has {1} columns)", range.Min, inputSize);
            return new TextSegment(range.Min, inputSize, true);
        }

        return range.VariableEnd
            ? new TextSegment(range.Min, TextSegment.ToEndOfLine, true)
            : new TextSegment(range.Min, range.Min + 1, range.ForceVector);
    }
}
