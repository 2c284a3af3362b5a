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
}
