using System.Globalization;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CanonicalDecompositionTests
{
    [TestMethod]
    [DataRow("a", null)]
    [DataRow("中", null)]
    [DataRow("é", "e\u0301")]
    [DataRow("ǖ", "u\u0308\u0304")]
    [DataRow("Å", "A\u030A", DisplayName = "Ångström sign")]
    [DataRow("가", "\u1100\u1161")]
    [DataRow("힣", "\u1112\u1175\u11C2")]
    [DataRow("\U0002F800", "\u4E3D")]
    [DataRow("\U0001D15E", "\U0001D157\U0001D165")]
    public void Of_gives(string character, string? parts) => Assert.AreEqual(parts, CanonicalDecomposition.Of(Rune.GetRuneAt(character, 0)));

    [TestMethod]
    public void Of_every_character_agrees_with_this_machines_Unicode()
    {
        if ("é".Normalize(NormalizationForm.FormD).Length == 1)
            Assert.Inconclusive("This process runs without ICU.");

        var assigned = from value in Enumerable.Range(0, 0x110000)
                       where Rune.IsValid(value)
                       let character = new Rune(value)
                       where Rune.GetUnicodeCategory(character) != UnicodeCategory.OtherNotAssigned
                       where !IsNewerThanTheTable(value)
                       select character;
        foreach (var character in assigned)
            Assert.AreEqual(character.ToString().Normalize(NormalizationForm.FormD), CanonicalDecomposition.Of(character) ?? character.ToString(), $"U+{character.Value:X}");
    }

    // Letters of Unicode 16 that are two others: Todhri, Tulu-Tigalari, Gurung Khema, Kirat Rai.
    static bool IsNewerThanTheTable(int value) => value is (>= 0x105C0 and <= 0x105FF) or (>= 0x11380 and <= 0x113FF) or (>= 0x16100 and <= 0x1613F) or (>= 0x16D40 and <= 0x16D7F);
}
