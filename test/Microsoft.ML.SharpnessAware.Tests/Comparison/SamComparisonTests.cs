namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public sealed class SamComparisonTests
{
    readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("SamComparison").FullName, "results.jsonl");
    readonly MLContext _context = new(seed: 1);
    int _fits;

    [TestCleanup]
    public void Delete() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [TestMethod]
    public void Trials_are_run_in_order_and_each_once()
    {
        var trials = SamTrial.Grid([SamVariant.Plain, SamVariant.Sam], [0.05], seeds: 1, epochs: 3);

        var first = Comparison().Run(trials);
        var again = Comparison().Run(trials);

        CollectionAssert.AreEqual(trials.ToArray(), first.Select(result => result.Trial).ToArray());
        CollectionAssert.AreEqual(first.ToArray(), again.ToArray());
        Assert.AreEqual(2, _fits);
        Assert.AreEqual((3, 1.0), (first[0].Epochs, first[0].Passes));
        Assert.AreEqual((3, 2.0), (first[1].Epochs, first[1].Passes));
        Assert.IsGreaterThan(0, first[0].SecondsPerEpoch);
        Assert.IsInRange(0, 1, first[0].MicroAccuracy);
    }

    [TestMethod]
    public void Same_trial_gives_the_same_numbers()
    {
        var trial = new SamTrial { Variant = SamVariant.Sam, Seed = 5, Epoch = 2 };

        var (one, other) = (Comparison(file: null).Run([trial])[0], Comparison(file: null).Run([trial])[0]);

        Assert.AreEqual((one.MicroAccuracy, one.LogLoss), (other.MicroAccuracy, other.LogLoss));
        Assert.AreNotEqual(one.LogLoss, Comparison(file: null).Run([trial with { Seed = 6 }])[0].LogLoss);
    }

    [TestMethod]
    public void Equal_time_gives_each_method_its_own_number_of_epochs()
    {
        var trials = SamTrial.Grid([SamVariant.Plain, SamVariant.Sam], [], seeds: 2);
        string Line(SamVariant variant, double seconds) => System.Text.Json.JsonSerializer.Serialize(new TrialLine("texts", new SamTrialResult(new SamTrial { Variant = variant, Seed = 1, Epoch = 2, TimesAnEpoch = true }, 1, 1, 1, 2, 1, seconds, 1)));
        File.WriteAllLines(_file, [Line(SamVariant.Plain, 1.5), Line(SamVariant.Sam, 4)]);

        var timed = Comparison().WithEqualTime(TimeSpan.FromSeconds(13), trials);

        CollectionAssert.AreEqual(new int?[] { 8, 3, 8, 3 }, timed.Select(trial => trial.Epoch).ToArray());
        Assert.AreEqual(0, _fits, "what was timed is in the file");
    }

    [TestMethod]
    public void Timing_is_of_the_whole_network_and_no_result()
    {
        List<string> told = [];
        List<int?> frozen = [];
        var comparison = new SamComparison(_context, trial => Fit(trial, frozen), Texts(), Texts()) { ResultFile = _file, Progress = new Teller(result => told.Add($"{result.Trial.Variant}")) };

        comparison.Run(comparison.WithEqualTime(TimeSpan.FromMilliseconds(1), SamTrial.Grid([SamVariant.Plain], [], seeds: 1)));

        CollectionAssert.AreEqual(new int?[] { 0, 10 }, frozen);
        CollectionAssert.AreEqual(new[] { "Plain" }, told);
        comparison.Run(SamTrial.Grid([SamVariant.Plain], [], seeds: 1, epochs: 2));
        CollectionAssert.AreEqual(new int?[] { 0, 10, 10 }, frozen, "what was timed is not taken for a run of two epochs");

        IEstimator<ITransformer> Fit(SamTrial trial, List<int?> frozen)
        {
            var options = trial.ApplyTo(new SamTextTrainer.Options { Network = new BagOfEmbeddings(Width: 8), FreezeBackboneEpochs = 10 });
            frozen.Add(options.FreezeBackboneEpochs);
            return Pipeline(options);
        }
    }

    [TestMethod]
    public void Results_of_something_else_are_refused()
    {
        Comparison().Run([new SamTrial { Seed = 1, Epoch = 1 }]);

        var fault = Assert.ThrowsExactly<InvalidOperationException>(() => Comparison(subject: "mails").Run([]));

        Assert.AreEqual($"'{_file}' holds results of another comparison, of texts. This one is of mails. Give another file, or delete that one.", fault.Message);
    }

    [TestMethod]
    public void Pipeline_that_does_not_use_the_trial_is_refused()
    {
        var comparison = new SamComparison(_context, _ => Pipeline(new SamTextTrainer.Options { Epoch = 1, Network = new BagOfEmbeddings() }), Texts(), Texts());

        Assert.StartsWith("The pipeline trained nothing with SamTrial { ", Assert.ThrowsExactly<InvalidOperationException>(() => comparison.Run([new SamTrial()])).Message);
    }

    [TestMethod]
    public void Cancelled_comparison_keeps_what_is_done()
    {
        using var cancellation = new CancellationTokenSource();
        var trials = SamTrial.Grid([SamVariant.Plain], [], seeds: 3, epochs: 1);
        var comparison = new SamComparison(_context, Fit, Texts(), Texts()) { ResultFile = _file, Subject = "texts", CancellationToken = cancellation.Token, Progress = new Stopper(cancellation) };

        Assert.ThrowsExactly<OperationCanceledException>(() => comparison.Run(trials));

        Assert.HasCount(1, File.ReadAllLines(_file));
    }

    SamComparison Comparison(string? file = "", string subject = "texts") =>
        new(_context, Fit, Texts(), Texts()) { ResultFile = file == "" ? _file : file, Subject = subject };

    IEstimator<ITransformer> Fit(SamTrial trial)
    {
        _fits++;
        return Pipeline(trial.ApplyTo(new SamTextTrainer.Options { Network = new BagOfEmbeddings(Width: 8), BatchSize = 8 }));
    }

    IEstimator<ITransformer> Pipeline(SamTextTrainer.Options options) =>
        _context.Transforms.Conversion.MapValueToKey("Label").Append(_context.MulticlassClassification.Trainers.SamText(options));

    IDataView Texts() => _context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Text { Label = i % 2 == 0 ? "sky" : "food", Sentence1 = i % 2 == 0 ? $"sun {i}" : $"soup {i}" }).ToArray());

    sealed class Teller(Action<SamTrialResult> tell) : IProgress<SamTrialResult>
    {
        public void Report(SamTrialResult value) => tell(value);
    }

    sealed class Stopper(CancellationTokenSource cancellation) : IProgress<SamTrialResult>
    {
        public void Report(SamTrialResult value) => cancellation.Cancel();
    }

    sealed class Text
    {
        public string Label { get; set; } = "";

        public string Sentence1 { get; set; } = "";
    }
}
