using Microsoft.ML.SharpnessAware;

namespace LabelNoise;

/// <summary>A way to train.</summary>
/// <param name="Name">Its heading in the table.</param>
/// <param name="Rule">The rule, with the radius of the settings.</param>
/// <param name="Longer">How many times as many epochs as the others it takes.</param>
/// <param name="PassesPerStep">Forward and backward passes in a step.</param>
sealed record Method(string Name, Func<Settings, SharpnessRule> Rule, int Longer, int PassesPerStep)
{
    /// <summary>Plain training with as many steps as the others, and with as many passes; and the others.</summary>
    public static Method[] All { get; } =
    [
        new("SGD", _ => new Plain(), 1, 1),
        new("SGD twice as long", _ => new Plain(), 2, 1),
        new("SAM", settings => new Sam(settings.SamRho), 1, 2),
        new("ASAM", settings => new Asam(settings.AsamRho), 1, 2),
        new("F-SAM", settings => new FriendlySam(new Sam(settings.SamRho)), 1, 2),
    ];
}
