namespace Microsoft.ML.SharpnessAware;

/// <summary>What a rule does in some steps only.</summary>
internal static class Cadence
{
    /// <summary>True in the first step in which the rule is asked, and in every so many of those after it. To be called once a step: it counts.</summary>
    public static bool IsDueEvery(this SamStep step, int steps)
    {
        var done = step.RecallNumber("done") ?? 0;
        step.Remember("done", (done + 1) % steps);
        return done == 0;
    }
}
