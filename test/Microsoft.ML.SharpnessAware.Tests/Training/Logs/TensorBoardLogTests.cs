using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TensorBoardLogTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 22, 4, 5, 6, 500, TimeSpan.Zero);

    readonly string _folder = Directory.CreateTempSubdirectory("TensorBoardLog").FullName;

    string Runs => Path.Combine(_folder, "runs", "pets");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Write_adds_an_event_with_the_epochs_scalars_that_can_be_read_at_once()
    {
        using var log = Log().Open();
        log.Begin(0);
        log.Write(EpochNumbers.Of(1));
        log.Write(EpochNumbers.Of(2, validationLoss: null));

        var file = Directory.GetFiles(Runs).Single();
        Assert.AreEqual($"events.out.tfevents.1795320306.{Environment.MachineName}", Path.GetFileName(file));
        var events = EventReader.Read(file);
        CollectionAssert.AreEqual(new[] { "brain.Event:2", null, null, null }, events.Select(e => e.Version).ToArray());
        CollectionAssert.AreEqual(new[] { false, true, false, false }, events.Select(e => e.IsStart).ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 1, 1, 2 }, events.Select(e => e.Step).ToArray());
        Assert.IsTrue(events.All(e => e.WallTime == 1795320306.5));
        CollectionAssert.AreEqual(
            new[]
            {
                ("train/loss", 0.1f), ("train/accuracy", 1 / 3f), ("validation/loss", 0.5f), ("validation/accuracy", 0.75f), ("validation/macro_accuracy", 0.625f),
                ("learning_rate", 0.125f), ("sharpness/perturbed_loss", 0.25f), ("sharpness/gradient_norm", 1e-20f), ("sharpness/epsilon_norm", 0.05f),
                ("sharpness/cosine", -0.5f), ("speed/passes", 2f), ("speed/skipped_steps", 3f), ("speed/examples_per_second", 1234.5f),
            },
            events[2].Scalars.Select(scalar => (scalar.Key, scalar.Value)).ToArray());
        Assert.IsFalse(events[3].Scalars.Keys.Any(tag => tag.StartsWith("validation/", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Begin_of_a_run_that_goes_on_starts_a_session_after_the_epochs_that_are_done_in_a_file_that_comes_later()
    {
        foreach (var done in new[] { 0, 3 })
        {
            using var log = Log().Open();
            log.Begin(done);
        }

        var files = Directory.GetFiles(Runs).Order(StringComparer.Ordinal).ToArray();
        CollectionAssert.AreEqual(new[] { 1L, 4L }, files.Select(file => EventReader.Read(file).Single(e => e.IsStart).Step).ToArray());
    }

    [TestMethod]
    public void Begin_writes_the_fields_of_event_proto()
    {
        using var log = Log().Open();
        log.Begin(149);

        // Field and wire type, then the value: 1, 8 bytes; 2, a varint, 150 as protobuf.dev shows it; 7, 2 bytes, of which 1 is the varint 1. The first event's step is 0, which proto3 leaves out.
        byte[] time = [0x09, .. BitConverter.GetBytes(1795320306.5)];
        var records = EventReader.Records(EventReader.Bytes(Directory.GetFiles(Runs).Single())).ToArray();
        Assert.AreSequenceEqual((byte[])[.. time, 0x1A, 0x0D, .. "brain.Event:2"u8], records[0]);
        Assert.AreSequenceEqual((byte[])[.. time, 0x10, 0x96, 0x01, 0x3A, 0x02, 0x08, 0x01], records[1]);
    }

    [TestMethod]
    public void Write_of_a_zero_is_not_left_out()
    {
        using var log = Log().Open();
        log.Write(EpochNumbers.Of(1, loss: 0));

        Assert.AreEqual(0f, EventReader.Read(Directory.GetFiles(Runs).Single()).Single().Scalars["train/loss"]);
    }

    [TestMethod]
    public void Open_and_nothing_more_leaves_no_file()
    {
        Log().Open().Dispose();
        Assert.IsEmpty(Directory.GetFiles(Runs));
    }

    [TestMethod]
    public void Name_that_is_none_is_refused() =>
        Assert.StartsWith("Folder must be the name of a folder, but was .", Assert.Throws<ArgumentOutOfRangeException>(() => new TensorBoardLog("")).Message);

    TensorBoardLog Log() => new(Runs) { Time = new FakeTimeProvider(Now) };
}
