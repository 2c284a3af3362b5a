using System.Collections;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The labelled rows of a data view, one after the other; to be enumerated once.</summary>
internal sealed class ImageRows(IDataView data, ImageReader reader, ImageLoading loading) : IEnumerable<ImageRow>
{
    readonly List<long> _labels = [];
    readonly List<float> _weights = [];

    /// <summary>Class numbers from 0, of the rows read so far.</summary>
    public IReadOnlyList<long> Labels => _labels;

    /// <summary>How much each of them counts.</summary>
    public IReadOnlyList<float> ExampleWeights => _weights;

    /// <summary>Rows left out so far because their label is missing.</summary>
    public int MissingLabels { get; private set; }

    public IEnumerator<ImageRow> GetEnumerator()
    {
        var (imageColumn, labelColumn) = (data.Schema[loading.ImageColumn], data.Schema[loading.LabelColumn]);
        var weights = new ExampleWeightReader(data.Schema, loading.WeightColumn);
        using var cursor = reader.Cursor(data, [imageColumn, labelColumn, .. weights.Columns]);
        var label = LabelReader.Open(cursor, labelColumn);
        var weight = weights.Open(cursor);
        var image = reader.Open(cursor, imageColumn);
        while (cursor.MoveNext())
        {
            loading.CheckAlive();
            var key = label();
            if (key == 0)
            {
                MissingLabels++;
                continue;
            }
            _labels.Add(key - 1);
            _weights.Add(weight());
            yield return new ImageRow(_labels.Count - 1, cursor.Position, image());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
