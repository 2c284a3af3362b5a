using Microsoft.ML.SharpnessAware;

namespace TextRules;

/// <summary>A way to train.</summary>
/// <param name="Name">Its heading in the table.</param>
/// <param name="Candidates">What it may train with. That which does best on held-out training rows is taken.</param>
/// <param name="Longer">How many times as many epochs as the others it takes.</param>
/// <param name="PassesPerStep">Forward and backward passes in a step, a forward pass alone being a third of one.</param>
sealed record Method(string Name, Func<Settings, Setup[]> Candidates, int Longer, int PassesPerStep)
{
    static readonly double[] _radii = [0.01, 0.02, 0.05];
    static readonly double[] _adaptiveRadii = [0.1, 0.2, 0.5];
    static readonly double[] _ratesOfBag = [0.003, 0.01, 0.03];

    /// <summary>Plain training with as many steps as the others, and with as many passes as those of two and of three a step; the others; and a simpler network.</summary>
    public static Method[] All { get; } =
    [
        OfTransformer("AdamW", [new Plain()], 1, 1),
        OfTransformer("AdamW 2×", [new Plain()], 2, 1),
        OfTransformer("AdamW 3×", [new Plain()], 3, 1),
        OfTransformer("SAM", _radii.Select(rho => new Sam(rho)), 1, 2),
        OfTransformer("ASAM", _adaptiveRadii.Select(rho => new Asam(rho)), 1, 2),
        OfTransformer("F-SAM", _radii.Select(rho => new FriendlySam(new Sam(rho))), 1, 2),
        OfTransformer("δ-SAM", _radii.Select(rho => new DeltaSam(new Sam(rho))), 1, 3),
        new("BagOfEmbeddings", _ => [.. _ratesOfBag.Select(rate => new Setup(new Plain(), new AdamW(rate), new BagOfEmbeddings()))], 1, 1),
    ];

    static Method OfTransformer(string name, IEnumerable<SharpnessRule> rules, int longer, int passesPerStep) => new(name,
        settings => [.. rules.Select(rule => new Setup(rule, new AdamW(settings.Rate), new TextTransformer(Dropout: settings.Dropout)))], longer, passesPerStep);
}

/// <summary>What a method trains with.</summary>
sealed record Setup(SharpnessRule Rule, BaseOptimizer Optimizer, TextNetwork Network);

/// <summary>What a method's candidates came to on held-out training rows, one seed each; NaN where there is but one.</summary>
sealed record Tuning(Method Method, (Setup Setup, double Accuracy)[] Candidates)
{
    /// <summary>The best; of equals the first, which is the one that changes plain training least.</summary>
    public Setup Best => Candidates.MaxBy(candidate => candidate.Accuracy).Setup;
}
