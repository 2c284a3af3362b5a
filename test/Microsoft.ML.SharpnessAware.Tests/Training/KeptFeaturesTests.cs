using TorchSharp.Modules;

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

    [TestMethod]
    public void File_of_a_network_that_differs_in_what_is_no_weight_is_not_used()
    {
        var (first, second) = (new Doubling(2), new Doubling(3));
        Run(first);
        Run(second);

        var file = Directory.GetFiles(_folder).Single();
        Assert.AreEqual($"The features in '{file}' are not those that the network computes now, and are computed again.", _warnings.Single());
        using var features = SafeTensors.Read(new MemoryStream(File.ReadAllBytes(file)))["features"];
        using var waves = new WavyExamples(20).Load([0], augmentationSeed: null, places: null);
        Assert.AreEqual(3 * waves.Inputs[0, 0, 0, 1].ToSingle(), features[0, 1].ToSingle(), 1e-6);

        void Run(Doubling net)
        {
            var plan = CheckpointedRun.Plan with { Frozen = new FrozenStart(int.MaxValue, "fc") { FeatureFolder = _folder }, Log = _log.Add, Warn = _warnings.Add };
            new Trainer(net, plan).Run(new WavyExamples(20), validation: null);
            net.Dispose();
        }
    }

    [TestMethod]
    public void Folder_that_cannot_be_written_is_a_warning_and_the_run_goes_on()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        Run(rows: 20, folder: Path.Combine(_folder, "file", "folder"));

        Assert.StartsWith($"The features cannot be kept in '{Path.Combine(_folder, "file", "folder")}", _warnings.Single());
    }

    byte[] Run(int rows, Action<SmallNet>? change = null, string? folder = null)
    {
        using var net = new SmallNet();
        change?.Invoke(net);
        var plan = CheckpointedRun.Plan with { Frozen = new FrozenStart(int.MaxValue, "fc") { FeatureFolder = folder ?? _folder }, Log = _log.Add, Warn = _warnings.Add };
        new Trainer(net, plan).Run(new WavyExamples(rows), validation: null);
        return [.. net.State().Where(tensor => tensor.Key.StartsWith("fc.")).OrderBy(tensor => tensor.Key).SelectMany(tensor => tensor.Value)];
    }

    /// <summary>A network with a number that is neither a weight nor in its text.</summary>
    sealed class Doubling : nn.Module<Tensor, Tensor>
    {
        readonly double _factor;
        readonly Linear fc = nn.Linear(36, 3);

        public Doubling(double factor)
            : base(nameof(Doubling))
        {
            _factor = factor;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fc.call(input.flatten(1) * _factor);
    }
}
