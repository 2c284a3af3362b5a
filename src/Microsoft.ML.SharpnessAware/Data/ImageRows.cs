using System.Collections;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The labelled rows of a data view, one after the other; to be enumerated once.</summary>
internal sealed class ImageRows(IDataView data, ImageReader reader, ImageLoading loading) : IEnumerable<ImageRow>
{
    readonly List<long> _labels = [];

    /// <summary>Class numbers from 0, of the rows read so far.</summary>
    public IReadOnlyList<long> Labels => _labels;

    /// <summary>Rows left out so far because their label is missing.</summary>
    public int MissingLabels { get; private set; }

    public IEnumerator<ImageRow> GetEnumerator()
    {
        var (imageColumn, labelColumn) = (data.Schema[loading.ImageColumn], data.Schema[loading.LabelColumn]);
        using var cursor = reader.Cursor(data, imageColumn, labelColumn);
        var label = LabelReader.Open(cursor, labelColumn);
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
            yield return new ImageRow(_labels.Count - 1, cursor.Position, image());
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
