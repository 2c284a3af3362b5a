using Microsoft.ML.SharpnessAware;

namespace FewRows;

/// <summary>An option of fine-tuning, and values beside its default.</summary>
/// <param name="Task">The data set.</param>
/// <param name="Start">What is trained.</param>
/// <param name="Name">The option.</param>
/// <param name="Values">Values other than the default, and how to set them.</param>
sealed record Defaults(string Task, Start Start, string Name, params (string Value, Action<SamTrainerOptions> Set)[] Values)
{
    /// <summary>How many rows are trained on, and how many are held out to measure accuracy on.</summary>
    public static (int Trained, int HeldOut) RowsOf(string task) => task == Questions ? (500, 1000) : (160, 160);

    public static Defaults[] All { get; } =
    [
        new(Questions, Start.FineTuned, "learning rate (0.0001)", ("0.00005", o => o.Optimizer = new AdamW(0.00005)), ("0.0002", o => o.Optimizer = new AdamW(0.0002))),
        new(Questions, Start.FineTuned, "weight decay (0.01)", ("0", o => o.Optimizer = new AdamW(0.0001, WeightDecay: 0)), ("0.1", o => o.Optimizer = new AdamW(0.0001, WeightDecay: 0.1))),
        new(Questions, Start.FineTuned, "schedule (warm-up over a tenth, then linear)", ("no warm-up", o => o.Schedule = new LinearSchedule()), ("constant after the warm-up", o => o.Schedule = new WarmupSchedule(0.6))),
        new(Questions, Start.FineTuned, "batch size (16)", ("8", o => o.BatchSize = 8), ("32", o => o.BatchSize = 32)),
        new(Questions, Start.FineTuned, "layer-wise decay (1)", ("0.9", o => Encoder(o, encoder => encoder with { LayerDecay = 0.9 }))),
        new(Questions, Start.FineTuned, "epochs (6)", ("3", o => o.Epoch = 3), ("12", o => o.Epoch = 12)),
        new(Questions, Start.FineTuned, "method (plain, to compare the rest by)", ("SAM, ρ = 0.02", o => o.Sharpness = new Sam(0.02)), ("SAM, ρ = 0.05, the default", o => o.Sharpness = new Sam()), ("SAM, ρ = 0.1", o => o.Sharpness = new Sam(0.1))),
        new(Photographs, Start.Frozen, "learning rate (0.01)", ("0.003", o => o.HeadOptimizer = new Sgd(0.003)), ("0.03", o => o.HeadOptimizer = new Sgd(0.03))),
        new(Photographs, Start.Frozen, "weight decay (0.0005)", ("0", o => o.HeadOptimizer = new Sgd(WeightDecay: 0)), ("0.005", o => o.HeadOptimizer = new Sgd(WeightDecay: 0.005))),
        new(Photographs, Start.Frozen, "schedule (cosine)", ("constant", o => o.Schedule = new ConstantSchedule()), ("warm-up over a tenth, then cosine", o => o.Schedule = new WarmupSchedule(6, new CosineSchedule()))),
        new(Photographs, Start.Frozen, "batch size (16)", ("8", o => o.BatchSize = 8), ("32", o => o.BatchSize = 32)),
        new(Photographs, Start.Frozen, "epochs (60)", ("20", Frozen(20)), ("180", Frozen(180))),
    ];

    const string Questions = "TREC", Photographs = "cracks";

    static void Encoder(SamTrainerOptions options, Func<BertEncoder, BertEncoder> change) => ((SamTextTrainer.Options)options).Network = change((BertEncoder)((SamTextTrainer.Options)options).Network!);

    static Action<SamTrainerOptions> Frozen(int epochs) => options => (options.Epoch, options.FreezeBackboneEpochs) = (epochs, int.MaxValue);
}
