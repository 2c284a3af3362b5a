using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The methods by name, for the plain door; <see cref="SharpnessRule"/> is the wide one.</summary>
public enum SamVariant
{
    /// <summary><see cref="SharpnessAware.Sam"/></summary>
    Sam,

    /// <summary><see cref="SharpnessAware.Asam"/></summary>
    Asam,

    /// <summary><see cref="SharpnessAware.FriendlySam"/></summary>
    FriendlySam,

    /// <summary><see cref="SharpnessAware.Plain"/></summary>
    Plain,

    /// <summary><see cref="SharpnessAware.AdaptiveSam"/></summary>
    AdaptiveSam,

    /// <summary><see cref="SharpnessAware.CrSam"/></summary>
    CrSam,

    /// <summary><see cref="SharpnessAware.DeltaSam"/></summary>
    DeltaSam,

    /// <summary><see cref="SharpnessAware.EigenSam"/></summary>
    EigenSam,

    /// <summary><see cref="SharpnessAware.EveryK"/></summary>
    EveryK,

    /// <summary><see cref="SharpnessAware.GradientNormPenalty"/></summary>
    GradientNormPenalty,

    /// <summary><see cref="SharpnessAware.Gsam"/></summary>
    Gsam,

    /// <summary><see cref="SharpnessAware.LookSam"/></summary>
    LookSam,

    /// <summary><see cref="SharpnessAware.MomentumSam"/></summary>
    MomentumSam,

    /// <summary><see cref="SharpnessAware.RandomizedSam"/></summary>
    RandomizedSam,

    /// <summary><see cref="SharpnessAware.RwSam"/></summary>
    RwSam,

    /// <summary><see cref="SharpnessAware.SamPa"/></summary>
    SamPa,

    /// <summary><see cref="SharpnessAware.Vasso"/></summary>
    Vasso,

    /// <summary><see cref="SharpnessAware.WeightedSam"/></summary>
    WeightedSam,
}

/// <summary>From the catalog's plain parameters to a rule.</summary>
internal static class SamVariants
{
    /// <exception cref="ArgumentOutOfRangeException">The parameters contradict each other, or ρ is out of its range.</exception>
    public static SharpnessRule Rule(SamVariant? variant, double? rho, SharpnessRule? sharpness)
    {
        if (sharpness is null)
            return rho is { } radius ? WithRho(Rule(variant), radius) : Rule(variant);
        if (variant is not null || rho is not null)
            throw Contracts.ExceptUserArg(nameof(sharpness), "Give either sharpness, or variant and rho, but not both.");
        return sharpness;
    }

    static SharpnessRule Rule(SamVariant? variant) => (variant ?? SamVariant.Sam) switch
    {
        SamVariant.Sam => new Sam(),
        SamVariant.Asam => new Asam(),
        SamVariant.FriendlySam => new FriendlySam(),
        SamVariant.Plain => new Plain(),
        SamVariant.AdaptiveSam => new AdaptiveSam(),
        SamVariant.CrSam => new CrSam(),
        SamVariant.DeltaSam => new DeltaSam(),
        SamVariant.EigenSam => new EigenSam(),
        SamVariant.EveryK => new EveryK(),
        SamVariant.GradientNormPenalty => new GradientNormPenalty(),
        SamVariant.Gsam => new Gsam(),
        SamVariant.LookSam => new LookSam(),
        SamVariant.MomentumSam => new MomentumSam(),
        SamVariant.RandomizedSam => new RandomizedSam(),
        SamVariant.RwSam => new RwSam(),
        SamVariant.SamPa => new SamPa(),
        SamVariant.Vasso => new Vasso(),
        SamVariant.WeightedSam => new WeightedSam(),
        _ => throw Contracts.ExceptUserArg(nameof(variant), $"There is no variant {variant}."),
    };

    // A rule without a radius of its own has that of the rule inside it.
    static T WithRho<T>(T rule, double rho)
        where T : SharpnessRule => (T)(SharpnessRule)((SharpnessRule)rule switch
        {
            Sam sam => sam with { Rho = rho },
            Asam asam => asam with { Rho = rho },
            CrSam crSam => crSam with { Rho = rho },
            EigenSam eigenSam => eigenSam with { Rho = rho },
            MomentumSam momentumSam => momentumSam with { Rho = rho },
            SamPa samPa => samPa with { Rho = rho },
            AdaptiveSam adaptiveSam => adaptiveSam with { Inner = WithRho(adaptiveSam.Inner, rho) },
            DeltaSam deltaSam => deltaSam with { Inner = WithRho(deltaSam.Inner, rho) },
            EveryK everyK => everyK with { Inner = WithRho(everyK.Inner, rho) },
            FriendlySam friendlySam => friendlySam with { Inner = WithRho(friendlySam.Inner, rho) },
            GradientNormPenalty penalty => penalty with { Inner = WithRho(penalty.Inner, rho) },
            Gsam gsam => gsam with { Inner = WithRho(gsam.Inner, rho) },
            LookSam lookSam => lookSam with { Inner = WithRho(lookSam.Inner, rho) },
            RandomizedSam randomizedSam => randomizedSam with { Inner = WithRho(randomizedSam.Inner, rho) },
            RwSam rwSam => rwSam with { Inner = WithRho(rwSam.Inner, rho) },
            Vasso vasso => vasso with { Inner = WithRho(vasso.Inner, rho) },
            WeightedSam weightedSam => weightedSam with { Inner = WithRho(weightedSam.Inner, rho) },
            _ => throw Contracts.ExceptUserArg(nameof(rho), "Plain training has no rho: leave it out, or choose another variant."),
        });
}
