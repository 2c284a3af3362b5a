namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What frozen layers make of rows, kept for the next run.</summary>
[TestClass]
public sealed class KeptFeaturesTests : IDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), $"Features{Guid.NewGuid():N}");
    readonly List<string> _log = [];
    readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Next_run_reads_them_and_comes_to_the_same_weights()
    {
        var first = Run(rows: 20);
        var file = Directory.GetFiles(_folder).Single();
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        Assert.DoesNotContain(line => line.StartsWith("The features of"), _log);

        var second = Run(rows: 20);

        CollectionAssert.AreEqual(first, second);
        Assert.ContainsSingle(line => line == $"The features of 20 rows are those of '{file}'.", _log);
        Assert.AreEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Directory.GetFiles(_folder).Single()));
    }

    [TestMethod]
    public void Other_rows_and_other_weights_have_files_of_their_own()
    {
        Run(rows: 20);
        Run(rows: 21);
        Run(rows: 20, net => { using var noGradients = no_grad(); net.state_dict()["conv.weight"].add_(0.01); });

        Assert.HasCount(3, Directory.GetFiles(_folder));
        Assert.DoesNotContain(line => line.StartsWith("The features of"), _log);
    }

    [TestMethod]
    public void Last_layer_does_not_matter()
    {
        Run(rows: 20);
        Run(rows: 20, net => { using var noGradients = no_grad(); net.state_dict()["fc.weight"].add_(1); });

        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void File_that_is_damaged_is_told_of_and_written_again()
    {
        var expected = Run(rows: 20);
        var file = Directory.GetFiles(_folder).Single();
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^4]);

        var actual = Run(rows: 20);

        CollectionAssert.AreEqual(expected, actual);
        Assert.StartsWith($"The features in '{file}' cannot be used and are computed again: ", _warnings.Single());
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(file));
    }

    byte[] Run(int rows, Action<SmallNet>? change = null)
    {
        using var net = new SmallNet();
        change?.Invoke(net);
        var plan = CheckpointedRun.Plan with { Frozen = new FrozenStart(int.MaxValue, "fc") { FeatureFolder = _folder }, Log = _log.Add, Warn = _warnings.Add };
        new Trainer(net, plan).Run(new WavyExamples(rows), validation: null);
        return [.. net.State().Where(tensor => tensor.Key.StartsWith("fc.")).OrderBy(tensor => tensor.Key).SelectMany(tensor => tensor.Value)];
    }
}
