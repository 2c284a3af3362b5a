namespace Benchmarks;

/// <summary>What the command line asks for by name.</summary>
static class Choice
{
    /// <summary>Those whose names are listed, with commas between them; all where none is.</summary>
    public static T[] Named<T>(this T[] all, string names, Func<T, string> nameOf)
    {
        if (names.Length == 0)
            return all;
        var wanted = names.Split(',', StringSplitOptions.TrimEntries);
        if (wanted.Except(all.Select(nameOf)).FirstOrDefault() is { } unknown)
            throw new ArgumentException($"There is no '{unknown}'. There are {string.Join("; ", all.Select(nameOf))}.");
        return [.. all.Where(one => wanted.Contains(nameOf(one)))];
    }
}
