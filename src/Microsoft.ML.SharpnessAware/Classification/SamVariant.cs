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
