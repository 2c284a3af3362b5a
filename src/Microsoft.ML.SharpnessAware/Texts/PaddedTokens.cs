namespace Microsoft.ML.SharpnessAware;

/// <summary>Token rows as a network takes them.</summary>
internal static class PaddedTokens
{
    /// <summary>Int64 [N, 2, L], L being the longest row's length: ids, filled up at the end with the padding's, and 1 for tokens of a second text, 0 elsewhere.</summary>
    public static Tensor Of(IReadOnlyList<TokenRow> rows, int padId)
    {
        var length = rows.Max(row => row.Ids.Length);
        var values = new long[rows.Count * 2 * length];
        for (var i = 0; i < rows.Count; i++)
        {
            var (ids, secondStart) = rows[i];
            var row = values.AsSpan(i * 2 * length, 2 * length);
            row[..length].Fill(padId);
            for (var token = 0; token < ids.Length; token++)
                row[token] = ids[token];
            row[(length + secondStart)..(length + ids.Length)].Fill(1);
        }
        using var flat = tensor(values);
        return flat.reshape(rows.Count, 2, length);
    }
}
