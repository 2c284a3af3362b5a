using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Goes once over scored data and counts.</summary>
internal sealed class MulticlassEvaluator(IHostEnvironment env)
{
    private readonly IHost _host = env.Register("MultiClassClassifierEvaluator");

    public MulticlassClassificationMetrics Evaluate(IDataView data, string labelName, string scoreName, string predictedLabelName, int topK)
    {
        var label = Find(data.Schema, labelName, "Label");
        var score = Find(data.Schema, scoreName, "Score");
        Find(data.Schema, predictedLabelName, "PredictedLabel");
        CheckTypes(label, score);

        var tally = new MulticlassTally(score.Type.GetVectorSize());
        using var cursor = data.GetRowCursor([label, score]);
        var getLabel = LabelGetter(cursor, label);
        var getScores = cursor.GetGetter<VBuffer<float>>(score);
        VBuffer<float> scores = default;
        while (cursor.MoveNext())
        {
            var value = getLabel();
            if (float.IsNaN(value) || value < 0 || value != (int)value)
                continue;
            getScores(ref scores);
            _host.Check(scores.Length == tally.ClassCount);
            tally.Add((int)value, scores);
        }

        return new MulticlassClassificationMetrics(_host, tally, topK, ClassNames(score));
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string name, string role)
        => schema.GetColumnOrNull(name) ?? throw Contracts.ExceptParam(nameof(schema), $"{name} column '{role}' not found");

    private void CheckTypes(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        if (score.Type is not VectorDataViewType { Size: >= 2 } vector || vector.ItemType != NumberDataViewType.Single)
            throw _host.ExceptSchemaMismatch("schema", "score", score.Name, "vector of two or more items of type Single", score.Type.ToString());
        if (label.Type != NumberDataViewType.Single && label.Type.GetKeyCount() <= 0)
            throw _host.ExceptSchemaMismatch("schema", "label", label.Name, "Single or Key", label.Type.ToString());
    }

    /// <summary>Labels from 0 on; NaN for a missing one.</summary>
    private static Func<float> LabelGetter(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is KeyDataViewType type)
        {
            var getKey = RowCursorUtils.GetKeyGetter(row, label);
            return () => getKey() is var key && 0 < key && key <= type.Count ? key - 1 : float.NaN;
        }

        var get = row.GetGetter<float>(label);
        return () =>
        {
            var value = float.NaN;
            get(ref value);
            return value;
        };
    }

    private static ReadOnlyMemory<char>[] ClassNames(DataViewSchema.Column score)
    {
        if (score.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.SlotNames)?.Type is not VectorDataViewType { IsKnownSize: true, ItemType: TextDataViewType })
            return [.. Enumerable.Range(0, score.Type.GetVectorSize()).Select(i => i.ToString().AsMemory())];
        VBuffer<ReadOnlyMemory<char>> names = default;
        score.Annotations.GetValue(AnnotationUtils.Kinds.SlotNames, ref names);
        return [.. names.DenseValues()];
    }
}
