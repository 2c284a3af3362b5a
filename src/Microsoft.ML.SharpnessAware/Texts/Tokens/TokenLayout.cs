namespace Microsoft.ML.SharpnessAware;

/// <summary>Where special tokens stand: start, first text, end; or start, first text, between, second text, end.</summary>
internal sealed class TokenLayout(int[] start, int[] between, int[] end)
{
    readonly int _specialOfPair = start.Length + between.Length + end.Length;

    public int MinLength => _specialOfPair + 2;

    public TokenRow Row(IEnumerable<int> first, IEnumerable<int>? second, int maxLength)
    {
        Require.AtLeast(MinLength, maxLength);
        return second is null
            ? One([.. first.Take(maxLength - start.Length - end.Length)])
            : Two([.. first], [.. second], maxLength - _specialOfPair);
    }

    TokenRow One(int[] ids)
    {
        int[] row = [.. start, .. ids, .. end];
        return new TokenRow(row, row.Length);
    }

    TokenRow Two(int[] first, int[] second, int room)
    {
        if (first.Length + second.Length > room)
            (first, second) = Shortened(first, second, room);
        return new TokenRow([.. start, .. first, .. between, .. second, .. end], start.Length + first.Length + between.Length);
    }

    // As Hugging Face's fast tokenizers do for "longest first": where both are cut, an odd token stays with the longer, or with the second of two equals.
    static (int[], int[]) Shortened(int[] first, int[] second, int room)
    {
        var shorter = Math.Min(Math.Min(first.Length, second.Length), room / 2);
        var longer = room - shorter;
        return first.Length > second.Length ? (first[..longer], second[..shorter]) : (first[..shorter], second[..longer]);
    }
}
