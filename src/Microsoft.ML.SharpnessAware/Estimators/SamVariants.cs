using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>From the catalog's plain parameters to a rule.</summary>
internal static class SamVariants
{
    /// <exception cref="ArgumentOutOfRangeException">The parameters contradict each other, or ρ is out of its range.</exception>
    public static SharpnessRule Rule(SamVariant? variant, double? rho, SharpnessRule? sharpness)
    {
        if (sharpness is null)
            return Rule(variant ?? SamVariant.Sam, rho);
        if (variant is not null || rho is not null)
            throw Contracts.ExceptUserArg(nameof(sharpness), "Give either sharpness, or variant and rho, but not both.");
        return sharpness;
    }

    static SharpnessRule Rule(SamVariant variant, double? rho) => (variant, rho) switch
    {
        (SamVariant.Sam, null) => new Sam(),
        (SamVariant.Sam, { } radius) => new Sam(radius),
        (SamVariant.Asam, null) => new Asam(),
        (SamVariant.Asam, { } radius) => new Asam(radius),
        (SamVariant.FriendlySam, null) => new FriendlySam(),
        (SamVariant.FriendlySam, { } radius) => new FriendlySam(new Sam(radius)),
        (SamVariant.Plain, null) => new Plain(),
        (SamVariant.Plain, _) => throw Contracts.ExceptUserArg(nameof(rho), "Plain training has no rho: leave it out, or choose another variant."),
        _ => throw Contracts.ExceptUserArg(nameof(variant), $"There is no variant {variant}."),
    };
}
