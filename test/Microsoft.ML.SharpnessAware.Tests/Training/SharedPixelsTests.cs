namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SharedPixelsTests
{
    const int Rows = 23;
    const int RowSize = 5;

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(3, 4 * RowSize)]
    [DataRow(4, 1000)]
    public void Fetch_brings_what_other_workers_have_however_little_is_sent_at_a_time(int workers, int bytesAtATime) =>
        ThreadWorkers.Together(workers, worker =>
        {
            var team = Team.Of(worker);
            using var all = new SharedPixels(Cache(team), Rows, team);
            var pixels = new VisitingPixels(all, bytesAtATime);
            foreach (var wanted in Wanted(team))
            {
                pixels.Fetch(wanted);
                foreach (var row in wanted)
                    Assert.AreSequenceEqual(Row(row), Read(pixels, row));
            }
            return true;
        });

    [TestMethod]
    public void Fetch_sends_only_what_is_not_there_and_puts_it_where_others_have_left() =>
        ThreadWorkers.Together(2, worker =>
        {
            var team = Team.Of(worker);
            using var all = new SharedPixels(Cache(team), Rows, team);
            var (pixels, others) = (new VisitingPixels(all), new VisitingPixels(all));
            int[] visitors = [.. Enumerable.Range(0, Rows).Where(row => !team.Owns(row))];
            pixels.Fetch(visitors[..4]);
            others.Fetch(visitors[..2]);
            var sums = worker.Sums.Count;
            pixels.Fetch(visitors[1..3]);
            Assert.AreEqual(1, worker.Sums.Count - sums, "whether anybody lacks any");
            pixels.Fetch(visitors[8..10]);

            Assert.AreSequenceEqual(Row(visitors[8]), Read(pixels, visitors[8]));
            Assert.AreSequenceEqual(Row(visitors[0]), Read(others, visitors[0]));
            Assert.Throws<KeyNotFoundException>(() => Read(pixels, visitors[0]));
            Assert.AreEqual(team.OwnCount(Rows) + 4 + 2, all.End, "places of the own rows, and of the most visitors at a time");
            return true;
        });

    [TestMethod]
    public void Alone_one_reads_what_is_there()
    {
        using var all = new SharedPixels(Cache(Team.Alone), Rows, Team.Alone);
        var pixels = new VisitingPixels(all);
        pixels.Fetch([3, 4]);

        for (var row = 0; row < Rows; row++)
            Assert.AreSequenceEqual(Row(row), Read(pixels, row));
        Assert.AreEqual(Rows, all.End);
    }

    // Of each worker's own in turn: none, all, some twice, some of those again.
    static int[][] Wanted(Team team) =>
    [
        team.Rank == 0 ? [] : [1, 0],
        [.. Enumerable.Range(0, Rows)],
        [.. Enumerable.Range(0, 9).Select(i => (i * 5 + team.Rank) % Rows), 7, 7],
        [7, 8, 9, 10 + team.Rank],
    ];

    static PixelCache Cache(Team team)
    {
        var cache = new PixelCache(RowSize, long.MaxValue, Path.GetTempPath());
        foreach (var row in Enumerable.Range(0, Rows).Where(team.Owns))
            cache.Write(SharedPixels.PlaceOf(row, team), Row(row));
        return cache;
    }

    static byte[] Read(VisitingPixels pixels, int row)
    {
        var read = new byte[RowSize];
        pixels.Read(row, read);
        return read;
    }

    static byte[] Row(int row) => [.. Enumerable.Range(0, RowSize).Select(i => (byte)(row * 11 + i))];
}
