using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The columns that a classifier adds, Score, PredictedLabel and the embedding: what is promised of them, and what they are.</summary>
internal static class ClassifierSchema
{
    /// <summary>The label column that a trainer can use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is not a key.</exception>
    public static SchemaShape.Column LabelIn(SchemaShape input, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var label))
            throw context.ExceptSchemaMismatch(nameof(input), "label", name);
        if (!label.IsKey || label.Kind != SchemaShape.Column.VectorKind.Scalar || label.ItemType != NumberDataViewType.UInt32)
            throw context.ExceptSchemaMismatch(nameof(input), "label", name, "Key<UInt32>, as MapValueToKey makes it", label.GetTypeString());
        return label;
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is not one of Single.</exception>
    public static void CheckWeight(SchemaShape input, string name, IExceptionContext context)
    {
        if (!input.TryFindColumn(name, out var weight))
            throw context.ExceptSchemaMismatch(nameof(input), "weight", name);
        if (weight.IsKey || weight.Kind != SchemaShape.Column.VectorKind.Scalar || weight.ItemType != NumberDataViewType.Single)
            throw context.ExceptSchemaMismatch(nameof(input), "weight", name, "Single", weight.GetTypeString());
    }

    public static SchemaShape.Column PromisedScore(string name, SchemaShape.Column label) =>
        new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false, new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label)));

    public static SchemaShape.Column PromisedPredictedLabel(string name, SchemaShape.Column label) =>
        new(name, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true, new SchemaShape([.. KeyValues(label), .. AnnotationUtils.GetTrainerOutputAnnotation()]));

    public static SchemaShape.Column PromisedEmbedding(string name) =>
        new(name, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, isKey: false);

    /// <summary>One of the columns that a classifier adds to data of that schema.</summary>
    public static DataViewSchema.DetachedColumn Added(string name, Classifier classifier, DataViewSchema input)
    {
        if (name == classifier.Columns.PredictedLabel)
            return PredictedLabel(name, classifier.Classes, input);
        return name == classifier.Columns.Score ? Score(name, classifier.Classes, input) : Embedding(classifier.Embedding!);
    }

    static DataViewSchema.DetachedColumn Embedding(EmbeddingColumn column) => new(column.Name, new VectorDataViewType(NumberDataViewType.Single, column.Size));

    static DataViewSchema.DetachedColumn Score(string name, LabelClasses classes, DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (classes.AreText)
            classes.Annotate(annotations, AnnotationUtils.Kinds.SlotNames);
        classes.Annotate(annotations, AnnotationUtils.Kinds.TrainingLabelValues);
        AnnotateRole(annotations, AnnotationUtils.Const.ScoreValueKind.Score, input);
        return new(name, new VectorDataViewType(NumberDataViewType.Single, classes.Count), annotations.ToAnnotations());
    }

    static DataViewSchema.DetachedColumn PredictedLabel(string name, LabelClasses classes, DataViewSchema input)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        classes.Annotate(annotations, AnnotationUtils.Kinds.KeyValues);
        AnnotateRole(annotations, AnnotationUtils.Const.ScoreValueKind.PredictedLabel, input);
        return new(name, new KeyDataViewType(typeof(uint), classes.Count), annotations.ToAnnotations());
    }

    static IEnumerable<SchemaShape.Column> KeyValues(SchemaShape.Column label) =>
        label.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out var values) ? [values] : [];

    static void AnnotateRole(DataViewSchema.Annotations.Builder annotations, string valueKind, DataViewSchema input)
    {
        var setId = input.GetMaxAnnotationKind(out _, AnnotationUtils.Kinds.ScoreColumnSetId) + 1;
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, setId);
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreColumnKind, TextDataViewType.Instance, AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification.AsMemory());
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
    }
}
