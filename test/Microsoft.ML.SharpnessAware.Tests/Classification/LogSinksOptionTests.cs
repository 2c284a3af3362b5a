namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Fit with logs: what they hold after a run, after one that was stopped, and where they cannot be written.</summary>
[TestClass]
public class LogSinksOptionTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("LogSinks").FullName;

    string Csv => Path.Combine(_folder, "run.csv");

    string Board => Path.Combine(_folder, "board");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Fit_writes_the_epochs_of_images_and_texts_as_the_callback_sees_them()
    {
        var ml = new MLContext(seed: 1);
        var seen = new List<EpochMetrics>();
        void Set(SamTrainerOptions options)
        {
            var (file, folder) = (Csv, Board);
            (options.Epoch, options.ValidationSetFraction, options.MetricsCallback) = (2, 0.25f, seen.Add);
            options.LogSinks = Docs.TrainingOptions.Logs(file, folder).LogSinks;
        }

        using (TinyTraining.Trainer(ml, Set).Fit(Pictures.KeyedRows(ml))) { }
        AssertWritten();
        seen.Clear();
        using (TinyText.Trainer(ml, Set).Fit(Sentences.KeyedRows(ml))) { }
        AssertWritten();

        void AssertWritten()
        {
            CollectionAssert.AreEqual(seen.Select(epoch => $"{epoch.Epoch}").ToArray(), Epochs());
            Assert.HasCount(2, seen);
            var events = EventReader.Read(Directory.GetFiles(Board).Order(StringComparer.Ordinal).Last());
            CollectionAssert.AreEqual(seen.Select(epoch => (float)epoch.ValidationLoss!.Value).ToArray(), events[2..].Select(e => e.Scalars["validation/loss"]).ToArray());
        }
    }

    [TestMethod]
    public void Log_of_the_users_own_is_opened_begun_written_to_and_closed()
    {
        var ml = new MLContext(seed: 1);
        var calls = new List<string>();
        using (TinyTraining.Trainer(ml, options => (options.Epoch, options.LogSinks) = (2, [new ToList(calls)])).Fit(Pictures.KeyedRows(ml))) { }
        CollectionAssert.AreEqual(new[] { "open", "begin after 0", "epoch 1", "epoch 2", "close" }, calls);
    }

    [TestMethod]
    public void Fit_that_goes_on_writes_no_epoch_twice()
    {
        var first = Assert.Throws<InvalidDataException>(() => Fit(options => options.MetricsCallback = epoch =>
        {
            if (epoch.Epoch == 2)
                throw new InvalidDataException("after the second epoch is written, and before it is saved");
        }));
        Assert.StartsWith("after the second", first.Message);
        CollectionAssert.AreEqual(new[] { "1", "2" }, Epochs());

        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Fit(options =>
        {
            options.CancellationToken = source.Token;
            options.Progress = new Steps(progress => { if (progress is { Epoch: 3, Batch: 1 }) source.Cancel(); });
        }));
        Fit();
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, Epochs());
        CollectionAssert.AreEqual(
            new[] { 1L, 2L, 3L },
            Directory.GetFiles(Board).Order(StringComparer.Ordinal).Select(file => EventReader.Read(file).Single(e => e.IsStart).Step).ToArray());

        // A finished run trains nothing, and so has nothing to write.
        var written = File.ReadAllText(Csv);
        Fit();
        Assert.AreEqual(written, File.ReadAllText(Csv));
        Assert.HasCount(3, Directory.GetFiles(Board));

        void Fit(Action<SamImageTrainer.Options>? change = null)
        {
            var ml = new MLContext();
            using var model = TinyTraining.Trainer(ml, options =>
            {
                options.Epoch = 3;
                options.CheckpointFolder = Path.Combine(_folder, "checkpoints");
                options.LogSinks = [new CsvLog(Csv), new TensorBoardLog(Board)];
                change?.Invoke(options);
            }).Fit(Pictures.KeyedRows(ml));
        }
    }

    [TestMethod]
    public void Fit_with_a_log_that_cannot_be_written_is_an_error_before_anything_is_read()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var ml = new MLContext();
        var unreadable = Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Array.Empty<byte>(), Label = $"{i % 3}" })(ml, 12));

        foreach (var sink in new LogSink[] { new CsvLog(Path.Combine(file, "run.csv")), new TensorBoardLog(file), new CsvLog(_folder) })
        {
            var error = Assert.Throws<InvalidOperationException>(() => TinyTraining.Trainer(ml, options => options.LogSinks = [sink]).Fit(unreadable));
            Assert.StartsWith($"{sink} cannot be written to: ", error.Message);
            Assert.EndsWith(" Choose another place, or leave it out of LogSinks.", error.Message);
        }
    }

    string[] Epochs() => [.. File.ReadAllLines(Csv).Skip(1).Select(line => line.Split(',')[0])];

    sealed record ToList(List<string> Calls) : LogSink, IEpochLog
    {
        public override IEpochLog Open()
        {
            Calls.Add("open");
            return this;
        }

        public void Begin(int epochsDone) => Calls.Add($"begin after {epochsDone}");

        public void Write(EpochMetrics epoch) => Calls.Add($"epoch {epoch.Epoch}");

        public void Dispose() => Calls.Add("close");
    }

    sealed class Steps(Action<TrainingProgress> act) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress progress) => act(progress);
    }
}
