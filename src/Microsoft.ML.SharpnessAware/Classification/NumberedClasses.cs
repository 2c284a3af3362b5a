using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Classes of keys that stand for nothing but their number.</summary>
internal sealed class NumberedClasses(int count) : LabelClasses
{
    public override int Count { get; } = count;

    public override IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(1, count).Select(key => key.ToString(CultureInfo.InvariantCulture))];

    public override bool AreText => false;

    public override void Annotate(DataViewSchema.Annotations.Builder annotations, string kind) { }

    protected override void SaveValues(IHost host, ModelSaveContext model) => model.Writer.Write(false);
}
