using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Data;

public static partial class AnnotationUtils
{
    public static bool NeedsSlotNames(this SchemaShape.Column col)
        => col.Annotations.TryFindColumn(Kinds.KeyValues, out var values)
            && values is { Kind: VectorKind.Vector, ItemType: TextDataViewType };

    public static bool IsNormalized(this SchemaShape.Column column)
    {
        Contracts.CheckParam(column.IsValid, nameof(column), "struct not initialized properly");
        return column.Annotations.TryFindColumn(Kinds.IsNormalized, out var normalized)
            && normalized is { Kind: VectorKind.Scalar, IsKey: false, ItemType: BooleanDataViewType };
    }

    public static bool HasSlotNames(this SchemaShape.Column col)
    {
        Contracts.CheckParam(col.IsValid, nameof(col), "struct not initialized properly");
        return col.Kind == VectorKind.Vector
            && col.Annotations.TryFindColumn(Kinds.SlotNames, out var names)
            && names is { Kind: VectorKind.Vector, IsKey: false, ItemType: TextDataViewType };
    }

    public static IEnumerable<SchemaShape.Column> GetTrainerOutputAnnotation(bool isNormalized = false)
    {
        List<SchemaShape.Column> columns =
        [
            new(Kinds.ScoreColumnSetId, VectorKind.Scalar, NumberDataViewType.UInt32, true),
            new(Kinds.ScoreColumnKind, VectorKind.Scalar, TextDataViewType.Instance, false),
            new(Kinds.ScoreValueKind, VectorKind.Scalar, TextDataViewType.Instance, false),
        ];
        if (isNormalized)
            columns.Add(new(Kinds.IsNormalized, VectorKind.Scalar, BooleanDataViewType.Instance, false));
        return columns;
    }

    public static IEnumerable<SchemaShape.Column> AnnotationsForMulticlassScoreColumn(SchemaShape.Column? labelColumn = null)
    {
        var columns = new List<SchemaShape.Column>();
        if (labelColumn is { IsKey: true } label
            && label.Annotations.TryFindColumn(Kinds.KeyValues, out var values)
            && values.Kind == VectorKind.Vector)
        {
            if (values.ItemType is TextDataViewType)
                columns.Add(new(Kinds.SlotNames, VectorKind.Vector, TextDataViewType.Instance, false));
            columns.Add(new(Kinds.TrainingLabelValues, VectorKind.Vector, values.ItemType, false));
        }
        columns.AddRange(GetTrainerOutputAnnotation());
        return columns;
    }
}
