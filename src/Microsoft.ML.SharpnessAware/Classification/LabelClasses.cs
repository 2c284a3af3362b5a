using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The classes that a label column's keys stand for: key i + 1 is class i.</summary>
internal abstract class LabelClasses
{
    const int Most = 1_000_000;

    /// <summary>The number of keys, whether or not rows have them.</summary>
    public abstract int Count { get; }

    /// <summary>The classes as people call them.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    public abstract bool AreText { get; }

    /// <exception cref="InvalidOperationException">There are more keys than a network can tell apart.</exception>
    public static LabelClasses Of(DataViewSchema.Column label)
    {
        var keys = ((KeyDataViewType)label.Type).Count;
        if (keys > Most)
            throw Contracts.Except($"Column '{label.Name}' has {keys} possible keys, and a network of at most {Most} outputs cannot tell them apart. Make the keys with MapValueToKey, which counts those that occur.");
        var count = (int)keys;
        var values = label.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues)?.Type as VectorDataViewType;
        return values?.Size == count ? Valued(values, label) : new NumberedClasses(count);
    }

    /// <exception cref="FormatException">The model's body is damaged.</exception>
    public static LabelClasses Load(IHost host, ModelLoadContext model)
    {
        var count = model.Reader.ReadInt32();
        host.CheckDecode(count is > 0 and <= Most, $"The model has {count} classes, and not from 1 to {Most}.");
        if (!model.Reader.ReadBoolean())
            return new NumberedClasses(count);

        var (type, values) = TypedValue.Read(host, model);
        var vector = type as VectorDataViewType;
        host.CheckDecode(vector?.Size == count, "The model's classes and their values differ in number.");
        return Valued(vector!, values);
    }

    public void Save(IHost host, ModelSaveContext model)
    {
        model.Writer.Write(Count);
        SaveValues(host, model);
    }

    /// <summary>Adds the classes' values as an annotation of that kind, if there are any.</summary>
    public abstract void Annotate(DataViewSchema.Annotations.Builder annotations, string kind);

    /// <exception cref="InvalidOperationException">Fewer than two classes have rows.</exception>
    public void CheckSeveral(IReadOnlyList<long> labels)
    {
        if (labels.All(label => label == labels[0]))
            throw Contracts.Except($"Only one class has rows: '{Names[(int)labels[0]]}', with {labels.Count}. Classification needs rows of two classes or more.");
    }

    /// <exception cref="InvalidOperationException">One of the names is no class's.</exception>
    public void CheckKnown(IEnumerable<string> names, string option, string labelColumn)
    {
        if (List("has a weight for", names.Except(Names)) is { } unknown)
            throw Contracts.Except($"{option} {unknown}, but column '{labelColumn}' has no such class. Its classes are {Listing.OfNames(Names)}.");
    }

    /// <exception cref="InvalidOperationException">The other keys stand for other classes.</exception>
    public void CheckSame(LabelClasses validation, string labelColumn)
    {
        if (DifferenceOf(validation) is { } difference)
            throw Contracts.Except($"The key values of column '{labelColumn}' in the validation set are not those of the training set: {difference}. Make both with the same fitted MapValueToKey.");
    }

    /// <summary>How these classes and others differ, in the words of the others' "it lacks …"; null where they are the same in the same order.</summary>
    public string? DifferenceOf(LabelClasses other)
    {
        if (Names.SequenceEqual(other.Names))
            return null;
        var missing = List("it lacks", Names.Except(other.Names));
        var extra = List("it has in addition", other.Names.Except(Names));
        return (missing, extra) switch
        {
            (null, null) => "they are the same in another order",
            (null, _) => extra,
            (_, null) => missing,
            _ => $"{missing}; {extra}",
        };
    }

    protected abstract void SaveValues(IHost host, ModelSaveContext model);

    static LabelClasses Valued(VectorDataViewType type, object valuesOrLabel) =>
        (LabelClasses)Activator.CreateInstance(typeof(ValuedClasses<>).MakeGenericType(type.ItemType.RawType), type, valuesOrLabel)!;

    static string? List(string verb, IEnumerable<string> names)
    {
        var listed = names.ToArray();
        return listed.Length == 0 ? null : $"{verb} {Listing.OfNames(listed)}";
    }
}

/// <summary>Classes of keys that stand for nothing but their number.</summary>
internal sealed class NumberedClasses(int count) : LabelClasses
{
    public override int Count { get; } = count;

    public override IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(1, count).Select(key => Invariant($"{key}"))];

    public override bool AreText => false;

    public override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) { }

    protected override void SaveValues(IHost host, ModelSaveContext model) => model.Writer.Write(false);
}

/// <summary>Classes of keys that stand for texts, numbers or other values, which keep their type.</summary>
internal sealed class ValuedClasses<T>(VectorDataViewType type, VBuffer<T> values) : LabelClasses
{
    public ValuedClasses(VectorDataViewType type, DataViewSchema.Column label)
        : this(type, ValuesOf(label)) { }

    public override int Count => type.Size;

    public override IReadOnlyList<string> Names { get; } = [.. values.DenseValues().Select(value => Invariant($"{value}"))];

    public override bool AreText => type.ItemType is TextDataViewType;

    public override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) =>
        annotations.Add(kind, type, (ref VBuffer<T> into) => values.CopyTo(ref into));

    protected override void SaveValues(IHost host, ModelSaveContext model)
    {
        model.Writer.Write(true);
        TypedValue.Write(host, model, type, values);
    }

    static VBuffer<T> ValuesOf(DataViewSchema.Column label)
    {
        VBuffer<T> values = default;
        label.GetKeyValues(ref values);
        return values;
    }
}
