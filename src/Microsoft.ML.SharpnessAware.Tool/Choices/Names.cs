using Quickenshtein;

namespace MlnetSam;

/// <summary>Names that a user may choose from, and names that are free.</summary>
static class Names
{
    const int MostSuggestions = 3;

    /// <summary>The one of the names that is meant, whatever its letters' case, and with or without dashes; null where there is none.</summary>
    public static string? Find(string given, IEnumerable<string> names) => names.FirstOrDefault(name => Plain(name) == Plain(given));

    /// <summary>That there is no such thing, the nearest names, and all.</summary>
    public static string Unknown(string kind, string given, IReadOnlyCollection<string> names)
    {
        var nearest = Nearest(given, names);
        var suggestion = nearest.Length == 0 ? "" : $" Did you mean {string.Join(" or ", nearest.Select(name => $"'{name}'"))}?";
        return $"There is no {kind} '{given}'.{suggestion} There are: {string.Join(", ", names)}.";
    }

    /// <summary>The names that are near enough to be meant, the nearest first.</summary>
    public static string[] Nearest(string given, IEnumerable<string> names) =>
    [
        .. (from name in names
            let distance = Levenshtein.GetDistance(Plain(given), Plain(name))
            where distance <= Math.Max(2, name.Length / 3) || (given.Length > 0 && Plain(name).StartsWith(Plain(given), StringComparison.Ordinal))
            orderby distance
            select name).Take(MostSuggestions),
    ];

    /// <summary>The name, which is taken then; with a number from 2 where it was taken before.</summary>
    public static string Free(string name, HashSet<string> taken) =>
        taken.Add(name) ? name : Enumerable.Range(2, int.MaxValue - 2).Select(i => Invariant($"{name}{i}")).First(taken.Add);

    static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
