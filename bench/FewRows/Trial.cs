namespace FewRows;

/// <summary>How a model was trained.</summary>
/// <param name="Task">The data set.</param>
/// <param name="Rows">How many rows it was trained on.</param>
/// <param name="Start">What it started from.</param>
/// <param name="Rule">The rule, as a text.</param>
/// <param name="Longer">How many times as many epochs as others it took.</param>
/// <param name="Seed">What drew the rows and the weights.</param>
/// <param name="Tuning">Whether accuracy was measured on training rows that were held out, to choose a radius.</param>
sealed record Trial(string Task, int Rows, Start Start, string Rule, double Longer, int Seed, bool Tuning);

/// <summary>What training starts from.</summary>
enum Start
{
    /// <summary>Fresh weights, and the network that is chosen for them.</summary>
    Fresh,

    /// <summary>A package's weights, the last layer alone being trained.</summary>
    Frozen,

    /// <summary>A package's weights, all being trained.</summary>
    FineTuned,
}
