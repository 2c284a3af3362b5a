using Microsoft.ML.SharpnessAware;

namespace Pictures;

/// <summary>A way to train.</summary>
/// <param name="Name">Its name in the pictures.</param>
/// <param name="Rule">The rule, with its radius.</param>
/// <param name="Epochs">Epochs of the run: so many that each contestant takes 100 passes over the images, unless its name says otherwise.</param>
sealed record Contestant(string Name, SharpnessRule Rule, int Epochs)
{
    const double SamRho = 0.1; // as in the table of docs/measuring-sharpness.md

    /// <summary>The curves.</summary>
    public static Contestant[] All { get; } =
    [
        new("SGD", new Plain(), 100),
        new("SGD, half the time", new Plain(), 50),
        new("SAM", new Sam(SamRho), 50),
        new("ASAM", new Asam(0.5), 50),
        new("LookSAM, K = 5", new LookSam(new Sam(SamRho), K: 5), 83),
        new("SAM, every 5th step", new EveryK(new Sam(SamRho), K: 5), 83),
    ];

    /// <summary>The two landscapes, after equally many steps.</summary>
    public static Contestant[] OnePicture { get; } = [new("SGD", new Plain(), 50), new("SAM", new Sam(SamRho), 50)];
}
