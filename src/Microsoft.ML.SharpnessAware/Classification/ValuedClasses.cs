using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classes of keys that stand for texts, numbers or other values, which keep their type.</summary>
internal sealed class ValuedClasses<T>(VectorDataViewType type, VBuffer<T> values) : LabelClasses
{
    public ValuedClasses(VectorDataViewType type, DataViewSchema.Column label)
        : this(type, ValuesOf(label)) { }

    public override int Count => type.Size;

    public override IReadOnlyList<string> Names { get; } = [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];

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
