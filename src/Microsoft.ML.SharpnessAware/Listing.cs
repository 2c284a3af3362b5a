namespace Microsoft.ML.SharpnessAware;

/// <summary>Lists in messages, which stay short however many items there are.</summary>
internal static class Listing
{
    /// <summary>The first items, and how many more there are: "a, b and 3 more".</summary>
    public static string Of(IEnumerable<string> items, string separator = ", ", int most = 10)
    {
        string[] all = [.. items];
        return string.Join(separator, all.Take(most)) + (all.Length > most ? $" and {all.Length - most} more" : "");
    }

    /// <summary>The same of names, in quotation marks.</summary>
    public static string OfNames(IEnumerable<string> names) => Of(names.Select(name => $"'{name}'"));
}
