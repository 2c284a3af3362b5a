namespace Microsoft.ML.SharpnessAware;

/// <summary>What is done about a row whose text, or both of whose texts, are missing, empty or white space alone.</summary>
public enum EmptyTextPolicy
{
    /// <summary>It is a row like others: an empty text may tell something.</summary>
    Keep,

    /// <summary>Training leaves it out, and reports how many and which; scoring gives it NaN and no label.</summary>
    Skip,

    /// <summary>Training and scoring stop with an error that names the row.</summary>
    Fail,
}
