using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Some rows of data, by their positions, which stay as they are.</summary>
/// <remarks>Positions are counted here, as rows are read: a cursor's own differ between one that reads alone and those that read side by side, where the data are themselves some rows of others.</remarks>
internal sealed class PickedRows(IDataView data, IReadOnlySet<long> positions) : IDataView
{
    public DataViewSchema Schema => data.Schema;

    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    /// <summary>At most so many rows that have a label, drawn by the seed, and how many there are in all.</summary>
    public static (PickedRows Rows, RowCounts Counts) Draw(IDataView data, LabelColumn label, int classes, int most, int seed, CancellationToken cancellation)
    {
        var (labelled, ofClasses, missing) = (new List<long>(), new int[classes], 0);
        using (var cursor = data.GetRowCursor([label.Column]))
        {
            var classOf = label.Open(cursor);
            for (var position = 0L; cursor.MoveNext(); position++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (classOf() is >= 0 and var index)
                {
                    labelled.Add(position);
                    ofClasses[index]++;
                }
                else
                    missing++;
            }
        }
        var picked = labelled.ToArray();
        if (picked.Length > most)
        {
            Shuffle(picked, seed);
            picked = picked[..most];
        }
        return (new PickedRows(data, picked.ToHashSet()), new RowCounts(picked.Length, labelled.Count, missing, ofClasses));
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(data.GetRowCursor(columnsNeeded), positions);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded)];

    // Fisher and Yates, with a generator whose numbers are the same on every machine and in every version: SplitMix64 (Steele et al. 2014, doi:10.1145/2714064.2660195).
    static void Shuffle(long[] items, int seed)
    {
        var state = (ulong)seed;
        for (var i = items.Length - 1; i > 0; i--)
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            var j = (int)((z ^ (z >> 31)) % (ulong)(i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    sealed class Cursor(DataViewRowCursor rows, IReadOnlySet<long> positions) : PassingCursor(rows)
    {
        int _left = positions.Count;
        long _read;

        public override long Position => _read - 1;

        public override bool MoveNext()
        {
            if (_left == 0)
                return false;
            while (Rows.MoveNext())
                if (positions.Contains(_read++))
                {
                    _left--;
                    return true;
                }
            return false;
        }
    }
}

/// <summary>How many rows of a data set there are.</summary>
/// <param name="Read">Those that the report reads.</param>
/// <param name="Labelled">Those with a label that the model knows.</param>
/// <param name="Unlabelled">The others.</param>
/// <param name="OfClasses">Of each class, those with its label.</param>
internal readonly record struct RowCounts(int Read, int Labelled, int Unlabelled, IReadOnlyList<int> OfClasses);
