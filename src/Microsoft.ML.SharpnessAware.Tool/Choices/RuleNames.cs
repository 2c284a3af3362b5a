namespace MlnetSam;

/// <summary>The methods by name.</summary>
static class RuleNames
{
    public static IReadOnlyList<string> All { get; } = Enum.GetNames<SamVariant>();

    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static SamVariant Variant(string name) =>
        Enum.Parse<SamVariant>(Names.Find(name, All) ?? throw new ArgumentException(Names.Unknown("variant", name, [.. All])));
}
