using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Rows of which each worker has read its own: those that <see cref="Team.Owns"/> says, by their number. Others visit it while it needs them.</summary>
/// <param name="cache">Where the own rows lie, at the places that <see cref="PlaceOf"/> says; the visitors lie behind them. Belongs to this.</param>
/// <param name="rows">How many rows there are, those of other workers too.</param>
/// <param name="team">The workers.</param>
internal sealed class SharedPixels(PixelCache cache, int rows, Team team) : IDisposable
{
    readonly Stack<int> _free = new();

    /// <summary>The first place that has never been taken.</summary>
    public int End { get; private set; } = team.OwnCount(rows);

    public PixelCache Cache => cache;

    public Team Team => team;

    /// <summary>The place in the cache of a row of this worker's.</summary>
    public static int PlaceOf(int row, Team team) => row / team.Count;

    /// <summary>Reads a row of this worker's.</summary>
    public void Read(int row, Span<byte> pixels) => cache.Read(PlaceOf(row, team), pixels);

    /// <summary>A place for a visitor.</summary>
    public int Take() => _free.TryPop(out var place) ? place : End++;

    /// <summary>Gives such a place up.</summary>
    public void Free(int place) => _free.Push(place);

    public void Dispose() => cache.Dispose();
}

/// <summary>Rows as one who needs some of them sees them: this worker's own, and copies of others.</summary>
/// <param name="all">The rows.</param>
/// <param name="bytesAtATime">The most bytes of rows that a worker gives, and gets, in one exchange.</param>
internal sealed class VisitingPixels(SharedPixels all, int bytesAtATime = VisitingPixels.BytesAtATime)
{
    const int BytesAtATime = 64 << 20;

    readonly Dictionary<int, int> _visitors = [];

    int Workers => all.Team.Count;

    public int RowSize => all.Cache.RowSize;

    /// <summary>Reads a row that is this worker's, or visits it.</summary>
    public void Read(int row, Span<byte> pixels)
    {
        if (all.Team.Owns(row))
            all.Read(row, pixels);
        else
            all.Cache.Read(_visitors[row], pixels);
    }

    /// <summary>Makes these rows, of those that are not this worker's, the visitors; only those that are not here yet are sent. All workers call it together, each for its own needs.</summary>
    public void Fetch(IEnumerable<int> rows)
    {
        if (all.Team.IsAlone)
            return;
        var wanted = rows.Where(row => !all.Team.Owns(row)).ToHashSet();
        foreach (var (row, place) in _visitors.Where(visitor => !wanted.Contains(visitor.Key)).ToArray())
        {
            _visitors.Remove(row);
            all.Free(place);
        }
        var missing = wanted.Where(row => !_visitors.ContainsKey(row)).Order().ToLookup(all.Team.OwnerOf);
        var atATime = Math.Max(1, bytesAtATime / RowSize / Workers);
        var rounds = all.Team.Most(missing.Select(ofOne => (ofOne.Count() + atATime - 1) / atATime).DefaultIfEmpty().Max());
        for (var round = 0; round < rounds; round++)
            Receive([.. Enumerable.Range(0, Workers).Select(owner => missing[owner].Skip(round * atATime).Take(atATime).ToArray())]);
    }

    // Rows of each owner.
    void Receive(int[][] wanted)
    {
        var asked = all.Team.Exchange(Array.ConvertAll(wanted, rows => MemoryMarshal.AsBytes<int>(rows).ToArray()));
        var given = all.Team.Exchange(Array.ConvertAll(asked, rows => Copied(MemoryMarshal.Cast<byte, int>(rows))));
        foreach (var (rows, pixels) in wanted.Zip(given))
            for (var i = 0; i < rows.Length; i++)
            {
                var place = _visitors[rows[i]] = all.Take();
                all.Cache.Write(place, pixels.AsSpan(i * RowSize, RowSize));
            }
    }

    byte[] Copied(ReadOnlySpan<int> rows)
    {
        var pixels = new byte[rows.Length * RowSize];
        for (var i = 0; i < rows.Length; i++)
            all.Read(rows[i], pixels.AsSpan(i * RowSize, RowSize));
        return pixels;
    }
}
