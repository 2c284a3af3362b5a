using System.Globalization;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// Unicode's canonical decomposition of a character, as in its normalization form D. The table is our own: string.Normalize does nothing
/// where .NET runs without ICU (InvariantGlobalization, as in many containers), and a model must give the same ids everywhere.
/// </summary>
internal static class CanonicalDecomposition
{
    const int FirstInTable = 0xC0;
    const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3;

    static readonly Lazy<Dictionary<int, string>> _table = new(Read);

    /// <summary>The characters that make up this one; null if it is made up of none.</summary>
    public static string? Of(Rune character) => character.Value switch
    {
        < FirstInTable => null,
        >= FirstSyllable and <= LastSyllable => OfSyllable(character.Value - FirstSyllable),
        var value => _table.Value.GetValueOrDefault(value),
    };

    // Hangul: The Unicode Standard, section 3.12.
    static string OfSyllable(int index)
    {
        const int FirstConsonants = 0x1100, Vowels = 0x1161, LastConsonants = 0x11A7;
        const int VowelCount = 21, LastCount = 28;
        var consonant = (char)(FirstConsonants + index / (VowelCount * LastCount));
        var vowel = (char)(Vowels + index / LastCount % VowelCount);
        var last = index % LastCount;
        return last == 0 ? $"{consonant}{vowel}" : $"{consonant}{vowel}{(char)(LastConsonants + last)}";
    }

    static Dictionary<int, string> Read()
    {
        var table = new Dictionary<int, string>();
        using var lines = new StreamReader(typeof(CanonicalDecomposition).Assembly.GetManifestResourceStream("CanonicalDecompositions.txt")!);
        while (lines.ReadLine() is string line)
            if (!line.StartsWith('#'))
            {
                var sides = line.Split('=');
                table.Add(Number(sides[0]), string.Concat(sides[1].Split(' ').Select(part => new Rune(Number(part)))));
            }
        return table;
    }

    static int Number(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
