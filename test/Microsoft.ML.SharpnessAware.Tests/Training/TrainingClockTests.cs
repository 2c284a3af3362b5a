using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TrainingClockTests
{
    readonly FakeTimeProvider _time = new();

    [TestMethod]
    public void Clock_measures_from_where_training_begins()
    {
        var clock = new TrainingClock(_time);
        Pass(minutes: 9);
        clock.Begin();
        Train(clock, rows: 30, minutes: 2);
        clock.Begin();
        Train(clock, rows: 10, minutes: 2);

        Assert.AreEqual(new ClockState(TimeSpan.FromMinutes(13), TimeSpan.FromMinutes(4), 40), clock.State);
        Assert.AreEqual(40 / 240.0, clock.ExamplesPerSecond, 1e-12);
        Assert.AreEqual(TimeSpan.FromMinutes(6), clock.TimeTo(100));
    }

    [TestMethod]
    public void Clock_goes_on_from_what_it_showed()
    {
        var clock = new TrainingClock(_time, new ClockState(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10), 100));
        Pass(minutes: 5);
        Assert.AreEqual(TimeSpan.FromMinutes(10), clock.TimeTo(200), "as before");
        clock.Begin();
        Train(clock, rows: 50, minutes: 20);

        Assert.AreEqual(new ClockState(TimeSpan.FromMinutes(45), TimeSpan.FromMinutes(30), 150), clock.State);
        Assert.AreEqual(TimeSpan.FromMinutes(10), clock.TimeTo(200));
    }

    [TestMethod]
    public void Clock_knows_no_time_beyond_what_a_TimeSpan_holds()
    {
        var clock = new TrainingClock(_time);
        clock.Begin();
        Train(clock, rows: 1, minutes: 1);

        Assert.AreEqual(TimeSpan.MaxValue, clock.TimeTo(int.MaxValue * 10_000L));
    }

    [TestMethod]
    public void Clock_of_no_rows_knows_no_speed()
    {
        var clock = new TrainingClock(_time);

        Assert.AreEqual(0, clock.ExamplesPerSecond);
        Assert.AreEqual(TimeSpan.Zero, clock.TimeTo(100));
    }

    void Train(TrainingClock clock, int rows, int minutes)
    {
        Pass(minutes);
        clock.Advance(rows);
    }

    void Pass(int minutes) => _time.Advance(TimeSpan.FromMinutes(minutes));
}
