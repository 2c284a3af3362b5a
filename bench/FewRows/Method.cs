using Microsoft.ML.SharpnessAware;

namespace FewRows;

/// <summary>A way to train.</summary>
/// <param name="Name">Its heading in the table.</param>
/// <param name="Candidates">Rules that it may train with; that which does best on held-out training rows is taken.</param>
/// <param name="Longer">How many times as many epochs as the others it takes.</param>
sealed record Method(string Name, SharpnessRule[] Candidates, double Longer = 1)
{
    static readonly double[] _radii = [0.02, 0.05, 0.1];
    static readonly double[] _adaptiveRadii = [0.2, 0.5, 1];

    public static Method[] All { get; } =
    [
        new("plain", [new Plain()]),
        new("plain 2×", [new Plain()], Longer: 2),
        new("SAM", [.. _radii.Select(rho => new Sam(rho))]),
        new("ASAM", [.. _adaptiveRadii.Select(rho => new Asam(rho))]),
        new("F-SAM", [.. _radii.Select(rho => new FriendlySam(new Sam(rho)))]),
    ];
}
