using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What every transformer gives, whatever its rows come from.</summary>
[TestClass]
public class ScoringContractTests
{
    const int Rows = 60;

    // Batches of other sizes may be summed in another order.
    const double Tolerance = 1e-5;

    static IEnumerable<object[]> Cases => EstimatorCase.All.Select(estimator => new object[] { estimator });

    [TestMethod]
    public void Every_transformer_has_a_case()
    {
        var transformers = typeof(SamImageTransformer).Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(ITransformer)));

        CollectionAssert.AreEquivalent(transformers.ToArray(), EstimatorCase.All.Select(estimator => estimator.Transformer).ToArray());
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Two_models_that_read_the_same_columns_give_all_of_theirs(object estimator)
    {
        var ml = new MLContext(seed: 1);
        var test = (EstimatorCase)estimator;
        var rows = test.Rows(ml, 12);
        ITransformer Fit(string score, string label) => test.Create(ml, options => (options.ScoreColumnName, options.PredictedLabelColumnName) = (score, label)).Fit(rows);
        var (first, second) = (Fit("S1", "P1"), Fit("S2", "P2"));
        using var ownedFirst = (IDisposable)first;
        using var ownedSecond = (IDisposable)second;

        var scored = second.Transform(first.Transform(rows));

        Assert.HasCount(12, scored.Preview().RowView.ToArray());
        var (ofFirst, ofSecond) = (scored.GetColumn<float[]>("S1").ToArray(), scored.GetColumn<float[]>("S2").ToArray());
        for (var i = 0; i < 12; i++)
            Near.Equal(Array.ConvertAll(ofFirst[i], score => (double)score), Array.ConvertAll(ofSecond[i], score => (double)score), Tolerance, $"row {i}");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Rows_that_are_read_once_keep_their_scores(object estimator)
    {
        using var trained = Trained.Of(estimator);

        trained.Check(Sources.ReadOnce(trained.Ml, trained.Rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Rows_in_another_order_each_time_keep_their_scores(object estimator)
    {
        using var trained = Trained.Of(estimator);

        trained.Check(Sources.InAnotherOrderEachTime(trained.Ml, trained.Rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Rows_with_one_reader_at_a_time_keep_their_scores(object estimator)
    {
        using var trained = Trained.Of(estimator);

        trained.Check(Sources.OneReaderAtATime(trained.Rows));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Rows_before_one_that_cannot_be_read_keep_their_scores(object estimator)
    {
        using var trained = Trained.Of(estimator);
        using var cursor = Cursor.Of(trained.Model.Transform(Sources.BreakingBefore(27, trained.Rows)));

        for (var i = 0; i < 27; i++)
            trained.Check(cursor.Next(), i);
        for (var again = 0; again < 2; again++)
            Assert.AreEqual("broken before row 27", Assert.ThrowsExactly<IOException>(() => cursor.Rows.MoveNext()).Message);
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Shuffled_cursors_give_each_row_its_scores_and_the_id_that_it_has_in_the_data(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var shuffling = trained.Ml.Data.ShuffleRows(trained.Rows, seed: 3);
        var scored = trained.Model.Transform(shuffling);
        Assert.IsTrue(scored.CanShuffle);

        using var cursor = Cursor.Of(scored, new Random(5));
        using var expected = shuffling.GetRowCursor(shuffling.Schema, new Random(5));
        var (id, expectedId) = (cursor.Rows.GetIdGetter(), expected.GetIdGetter());
        var order = new List<float>();
        for (var position = 0L; expected.MoveNext(); position++)
        {
            var row = cursor.Next();
            trained.Check(row, (int)row.Number);
            order.Add(row.Number);
            Assert.AreEqual((position, expected.Batch), (cursor.Rows.Position, cursor.Rows.Batch));
            DataViewRowId one = default, other = default;
            id(ref one);
            expectedId(ref other);
            Assert.AreEqual(other, one);
        }

        Assert.IsFalse(cursor.Rows.MoveNext());
        Assert.AreEqual(-1, cursor.Rows.Position);
        Assert.IsFalse(order.SequenceEqual(order.Order()));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Values_cannot_be_had_before_the_first_row_and_after_the_last(object estimator)
    {
        using var trained = Trained.Of(estimator);
        using var cursor = Cursor.Of(trained.Model.Transform(trained.Rows));

        Assert.AreEqual(-1, cursor.Rows.Position);
        Refuses();
        while (cursor.Rows.MoveNext()) { }
        Refuses();

        void Refuses()
        {
            Assert.Throws<InvalidOperationException>(() => cursor.Number);
            Assert.Throws<InvalidOperationException>(() => cursor.Score);
            Assert.Throws<InvalidOperationException>(() =>
            {
                DataViewRowId id = default;
                cursor.Rows.GetIdGetter()(ref id);
            });
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_cursor_that_is_left_early_leaves_its_source(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var (last, readers) = (-1L, 0);
        var watched = Sources.Watched(trained.Rows, position => last = Math.Max(last, position), () => readers--);
        readers++;

        using (var cursor = Cursor.Of(trained.Model.Transform(watched)))
            trained.Check(cursor.Next(), 0);

        Assert.AreEqual(0, readers);
        Assert.IsLessThan(Rows / 2, last, "no more rows are read than one batch has");
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Data_are_read_as_they_are_where_no_score_is_asked_for(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var last = -1L;
        var scored = trained.Model.Transform(Sources.Watched(trained.Rows, position => last = position, () => { }));

        using var cursor = scored.GetRowCursor([scored.Schema["Number"]]);

        Assert.IsTrue(cursor.MoveNext());
        Assert.AreEqual(0, last);
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Score"]));
    }

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Cases))]
    public void Many_transforms_at_once_on_a_pool_of_few_threads_take_no_longer_than_in_turn(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var row = trained.Ml.Data.TakeRows(trained.Rows, 1);
        void Score() => trained.Check(Cursor.All(trained.Model.Transform(row)).Single(), 0);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var i = 0; i < Rows; i++)
            Score();
        var inTurn = watch.Elapsed;
        ThreadPool.GetMaxThreads(out var workers, out var ports);
        try
        {
            Assert.IsTrue(ThreadPool.SetMaxThreads(Environment.ProcessorCount, ports));
            var all = Task.WhenAll(Enumerable.Range(0, Rows).Select(_ => Task.Run(Score)));
            Assert.IsTrue(all.Wait(10 * inTurn + TimeSpan.FromSeconds(5)), "the other tests' load and the first use of threads cost something, but no pool thread waits for another");
        }
        finally
        {
            ThreadPool.SetMaxThreads(workers, ports);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Dispose_while_others_score_gives_them_their_scores_or_one_kind_of_error(object estimator)
    {
        using var trained = Trained.Of(estimator);
        using var started = new CountdownEvent(4);

        var scoring = Enumerable.Range(0, started.InitialCount).Select(_ => Task.Factory.StartNew(ScoreUntilDisposed, TaskCreationOptions.LongRunning)).ToArray();
        started.Wait();
        trained.Dispose();

        foreach (var task in scoring)
            Assert.Contains("disposed of, by its own Dispose or by that of a PredictionEngine", task.Result.Message);

        ObjectDisposedException ScoreUntilDisposed()
        {
            trained.Check(trained.Rows);
            started.Signal();
            return Assert.ThrowsExactly<ObjectDisposedException>(() =>
            {
                while (true)
                    trained.Check(trained.Rows);
            });
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Third_reader_of_scores_is_told_of_caches_once(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var scored = trained.Model.Transform(trained.Rows);
        var log = new List<string>();
        trained.Ml.Log += (_, line) => log.Add($"{line.Kind}: {line.RawMessage}");

        for (var reader = 1; reader <= 4; reader++)
        {
            _ = scored.GetColumn<float>("Number").Count();
            _ = scored.GetColumn<uint>("PredictedLabel").Count();
            Assert.HasCount(reader < 3 ? 0 : 1, log.Where(line => line.StartsWith("Warning", StringComparison.Ordinal)).ToArray());
        }

        Golden.Matches("Classification/ManyPasses.txt", log.Single(line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void View_tells_ML_NET_where_its_data_come_from(object estimator)
    {
        using var trained = Trained.Of(estimator);
        var scored = trained.Model.Transform(trained.Rows);

        // What ConvertToOnnx follows, from a view to the data that went into the pipeline.
        var source = scored.GetType().GetInterface("Microsoft.ML.Data.IDataTransform")!.GetProperty("Source")!;

        Assert.AreSame(trained.Rows, source.GetValue(scored));
    }

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Cases))]
    public void Numbers_are_the_same_whatever_libtorchs_default_type_is(object estimator)
    {
        using var expected = Trained.Of(estimator);
        var expectedZip = SavedModel.Of(expected.Ml, expected.Model);
        set_default_dtype(ScalarType.Float64);
        try
        {
            using var trained = Trained.Of(estimator);
            using var loaded = (IDisposable)SavedModel.Load(new MLContext(), expectedZip);

            CollectionAssert.AreEqual(SavedModel.Entry(expectedZip, "Weights.safetensors"), SavedModel.Entry(SavedModel.Of(trained.Ml, trained.Model), "Weights.safetensors"));
            (trained with { Model = (ITransformer)loaded }).Check(trained.Rows);
            Assert.AreEqual(ScalarType.Float64, get_default_dtype());
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Inference_mode_is_no_obstacle_to_scoring_and_an_error_to_Fit(object estimator)
    {
        using var trained = Trained.Of(estimator);
        using var mode = inference_mode();

        trained.Check(trained.Rows);
        var errors = new ErrorText()
            .Add("Fit", () => ((EstimatorCase)estimator).Create(trained.Ml, _ => { }).Fit(trained.Rows))
            .Add("EvaluateSharpness", () => trained.Ml.MulticlassClassification.EvaluateSharpness(trained.Model, trained.Rows));
        Golden.Matches("Classification/InferenceMode.txt", errors.ToString());
    }

    [TestMethod]
    [DoNotParallelize]
    [DynamicData(nameof(Cases))]
    public void Scoring_waits_for_no_thread_of_a_busy_pool(object estimator)
    {
        using var trained = Trained.Of(estimator);

        BusyPool.While(() => trained.Check(trained.Rows));
    }

    sealed record Trained(MLContext Ml, ITransformer Model, IDataView Rows, float[][] Scores) : IDisposable
    {
        public static Trained Of(object estimator)
        {
            var ml = new MLContext(seed: 1);
            var test = (EstimatorCase)estimator;
            var rows = test.Rows(ml, ScoringContractTests.Rows);
            var model = test.Create(ml, options => options.Epoch = 2).Fit(rows);
            var scores = model.Transform(rows).GetColumn<float[]>("Score").ToArray();
            Assert.HasCount(ScoringContractTests.Rows, scores.Select(row => row[0]).Distinct().ToArray(), "rows that are mixed up would be seen");
            return new(ml, model, rows, scores);
        }

        public void Check(IDataView source)
        {
            var rows = Cursor.All(Model.Transform(source));
            Assert.AreSequenceEqual(Enumerable.Range(0, Scores.Length).Select(i => (float)i), rows.Select(row => row.Number).Order());
            foreach (var row in rows)
                Check(row, (int)row.Number);
        }

        public void Check((float Number, float[] Score) row, int number)
        {
            Assert.AreEqual(number, row.Number);
            Near.Equal(Array.ConvertAll(Scores[number], score => (double)score), Array.ConvertAll(row.Score, score => (double)score), Tolerance, $"row {number}");
        }

        public void Dispose() => ((IDisposable)Model).Dispose();
    }

    sealed class Cursor : IDisposable
    {
        readonly ValueGetter<float> _number;
        readonly ValueGetter<VBuffer<float>> _score;

        Cursor(DataViewRowCursor rows, DataViewSchema schema)
        {
            Rows = rows;
            _number = rows.GetGetter<float>(schema["Number"]);
            _score = rows.GetGetter<VBuffer<float>>(schema["Score"]);
        }

        public DataViewRowCursor Rows { get; }

        public float Number
        {
            get
            {
                var number = 0f;
                _number(ref number);
                return number;
            }
        }

        public float[] Score
        {
            get
            {
                VBuffer<float> score = default;
                _score(ref score);
                return [.. score.DenseValues()];
            }
        }

        public static Cursor Of(IDataView scored, Random? random = null) => new(scored.GetRowCursor([scored.Schema["Number"], scored.Schema["Score"]], random), scored.Schema);

        public static (float Number, float[] Score)[] All(IDataView scored)
        {
            using var cursor = Of(scored);
            var rows = new List<(float, float[])>();
            while (cursor.Rows.MoveNext())
                rows.Add((cursor.Number, cursor.Score));
            return [.. rows];
        }

        public (float Number, float[] Score) Next()
        {
            Assert.IsTrue(Rows.MoveNext());
            return (Number, Score);
        }

        public void Dispose() => Rows.Dispose();
    }
}
