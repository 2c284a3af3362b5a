namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>One of our estimators, tiny and quick, with data that suit it, and data that do not.</summary>
sealed record EstimatorCase
{
    public static IReadOnlyList<EstimatorCase> All { get; } =
    [
        new()
        {
            Options = typeof(SamImageTrainer.Options),
            Create = (ml, change) => TinyTraining.Trainer(ml, change),
            Rows = Pictures.KeyedRows,
            RowsWithoutLabel = Pictures.RowsWithoutLabel,
            RowsWithTextLabel = Pictures.Rows,
            BadRows =
            [
                ("no label column", Pictures.RowsWithoutLabel),
                ("label is text", Pictures.Rows),
                ("label is a number", Pictures.RowsOf(i => new { Image = Pictures.Png(i), Label = 1f })),
                ("label is a vector of keys", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = Pictures.Png(i), Label = new[] { "a", "b" } })(ml, count))),
                ("no feature column", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Label = "a" })(ml, count))),
                ("feature is text", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = "a.png", Label = "a" })(ml, count))),
                ("feature is one number", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = 1f, Label = "a" })(ml, count))),
                ("feature is a vector of integers", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = new[] { 1, 2 }, Label = "a" })(ml, count))),
                ("feature is a vector of Single of unknown size", (ml, count) => Pictures.Keyed(ml, Pictures.RowsOf(i => new { Image = new[] { 1f, 2f }, Label = "a" })(ml, count))),
            ],
        },
        new()
        {
            Options = typeof(SamTextTrainer.Options),
            Create = (ml, change) => TinyText.Trainer(ml, options =>
            {
                options.Sentence2ColumnName = "Sentence2";
                change(options);
            }),
            Rows = Sentences.KeyedRows,
            RowsWithoutLabel = Sentences.RowsWithoutLabel,
            RowsWithTextLabel = Sentences.Rows,
            BadRows =
            [
                ("no label column", Sentences.RowsWithoutLabel),
                ("label is text", Sentences.Rows),
                ("label is a number", Sentences.RowsOf(i => new { Sentence1 = "a", Sentence2 = "b", Label = 1f })),
                ("no first sentence", (ml, count) => Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence2 = "b", Label = "a" })(ml, count))),
                ("no second sentence", (ml, count) => Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = "b", Label = "a" })(ml, count))),
                ("first sentence is a number", (ml, count) => Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = 1f, Sentence2 = "b", Label = "a" })(ml, count))),
                ("second sentence is a vector of texts", (ml, count) => Pictures.Keyed(ml, Sentences.RowsOf(i => new { Sentence1 = "b", Sentence2 = new[] { "b" }, Label = "a" })(ml, count))),
            ],
        },
    ];

    /// <summary>The type of its options.</summary>
    public required Type Options { get; init; }

    /// <summary>An estimator with options changed in some way.</summary>
    public required Func<MLContext, Action<SamTrainerOptions>, IEstimator<ITransformer>> Create { get; init; }

    /// <summary>So many rows of three classes in turn, with a key column "Label" and their numbers in a column "Number".</summary>
    public required Func<MLContext, int, IDataView> Rows { get; init; }

    public required Func<MLContext, int, IDataView> RowsWithoutLabel { get; init; }

    public required Func<MLContext, int, IDataView> RowsWithTextLabel { get; init; }

    /// <summary>Rows whose columns the estimator must refuse.</summary>
    public required IReadOnlyList<(string What, Func<MLContext, int, IDataView> Rows)> BadRows { get; init; }

    /// <summary>The type of what it fits.</summary>
    public Type Transformer => Options.DeclaringType!.GetInterfaces().Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEstimator<>)).GetGenericArguments()[0];

    public string Name => Options.DeclaringType!.Name;

    public override string ToString() => Name;
}
