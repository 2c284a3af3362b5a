using Microsoft.ML.SharpnessAware;

namespace Speed.Steps;

/// <summary>The library's rules by the names that contestants are told.</summary>
static class Rules
{
    /// <summary>How many steps a rule's pattern of cheap and dear steps has at most.</summary>
    public const int Cycle = 5;

    /// <summary>Those that all contestants have.</summary>
    public static readonly string[] Common = ["plain", "sam", "asam", "friendlysam"];

    public static readonly string[] All = [.. Common, "gsam", "sampa", "crsam", "rwsam", "deltasam", "looksam", "everyk", "msam"];

    public static SharpnessRule Of(string name) => name switch
    {
        "plain" => new Plain(),
        "sam" => new Sam(),
        "asam" => new Asam(),
        "friendlysam" => new FriendlySam(),
        "gsam" => new Gsam(),
        "sampa" => new SamPa(),
        "crsam" => new CrSam(),
        "rwsam" => new RwSam(),
        "deltasam" => new DeltaSam(),
        "looksam" => new LookSam(K: Cycle),
        "everyk" => new EveryK(K: Cycle),
        "msam" => new MomentumSam(),
        _ => throw new ArgumentException($"There is no rule '{name}' here."),
    };
}
