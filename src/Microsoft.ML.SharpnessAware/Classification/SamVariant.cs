using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The methods by name; a <see cref="SharpnessRule"/> sets all parameters of a method.</summary>
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

/// <summary>From the catalog's plain parameters to a rule. The names of the variants are those of the records.</summary>
internal static class SamVariants
{
    const string Rho = nameof(Sam.Rho);
    const string Inner = nameof(EveryK.Inner);

    /// <exception cref="ArgumentOutOfRangeException">The parameters contradict each other, or ρ is out of its range.</exception>
    public static SharpnessRule Rule(SamVariant? variant, double? rho, SharpnessRule? sharpness)
    {
        if (sharpness is null)
            return rho is { } radius ? WithRho(Default(variant ?? SamVariant.Sam), radius) : Default(variant ?? SamVariant.Sam);
        if (variant is not null || rho is not null)
            throw Contracts.ExceptUserArg(nameof(sharpness), "Give either sharpness, or variant and rho, but not both.");
        return sharpness;
    }

    static SharpnessRule Default(SamVariant variant)
    {
        var record = typeof(SharpnessRule).Assembly.GetType($"{typeof(SharpnessRule).Namespace}.{variant}")
            ?? throw Contracts.ExceptUserArg(nameof(variant), $"There is no variant {variant}.");
        var constructor = record.GetConstructors().Single();
        return (SharpnessRule)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    // A rule without a radius of its own has that of the rule inside it.
    static SharpnessRule WithRho(SharpnessRule rule, double rho)
    {
        if (rule.GetType().GetProperty(Rho) is { } radius)
            return With(rule, radius, rho);
        if (rule.GetType().GetProperty(Inner) is { } inner)
            return With(rule, inner, WithRho((SharpnessRule)inner.GetValue(rule)!, rho));
        throw Contracts.ExceptUserArg(nameof(rho), "Plain training has no rho: leave it out, or choose another variant.");
    }

    static SharpnessRule With(SharpnessRule rule, PropertyInfo property, object value)
    {
        var changed = rule with { };
        property.SetMethod!.Invoke(changed, BindingFlags.DoNotWrapExceptions, binder: null, [value], culture: null);
        return changed;
    }
}
