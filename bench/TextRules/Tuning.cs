namespace TextRules;

/// <summary>What a method's candidates came to on held-out training rows, one seed each; NaN where there is but one.</summary>
sealed record Tuning(Method Method, (Setup Setup, double Accuracy)[] Candidates)
{
    /// <summary>The best; of equals the first, which is the one that changes plain training least.</summary>
    public Setup Best => Candidates.MaxBy(candidate => candidate.Accuracy).Setup;
}
