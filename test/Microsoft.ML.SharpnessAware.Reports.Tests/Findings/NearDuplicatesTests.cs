using SkiaSharp;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class NearDuplicatesTests
{
    [TestMethod]
    public void Resemblance_of_texts_is_the_share_of_common_pieces()
    {
        // abcd bcde cdef and abcd bcde cdeX: two of four.
        Assert.AreEqual(0.5, new TextFingerprint("abcdef").Resemblance(new TextFingerprint("abcdeX")), 1e-12);
        Assert.AreEqual(1, new TextFingerprint("ab").Resemblance(new TextFingerprint("AB")));
        Assert.AreEqual(0, new TextFingerprint("").Resemblance(new TextFingerprint("")));
    }

    [TestMethod]
    [DataRow("What is the capital of Peru ?", "what is the  capital\tof Peru ?", true)]
    [DataRow("What is the capital of Peru ?", "What is the capital of Peru", true)]
    [DataRow("What is the capital of Peru ?", "What is the capital of Chile ?", false)]
    [DataRow("short", "What is the capital of Peru ?", false)]
    [DataRow("", "", false)]
    public void Texts_are_alike_but_for_case_and_space(string a, string b, bool areAlike) =>
        Assert.AreEqual(areAlike, new TextFingerprint(a).LikenessTo(new TextFingerprint(b)) > 0);

    [TestMethod]
    public void Pictures_are_alike_up_to_a_few_levels()
    {
        var levels = Levels((x, y) => 10 * x + 5 * y);
        var picture = new GreyFingerprint(levels);

        // A difference of 3 everywhere is 3 in the mean square, and of 8 is too much.
        Assert.AreEqual(1 - 3 / 255.0, picture.LikenessTo(new GreyFingerprint(Array.ConvertAll(levels, level => level + 3))), 1e-6);
        Assert.AreEqual(0, picture.LikenessTo(new GreyFingerprint(Array.ConvertAll(levels, level => level + 8))));
        Assert.AreEqual(1, picture.LikenessTo(picture), 1e-6);
    }

    [TestMethod]
    public void Pictures_of_little_contrast_have_to_go_up_and_down_together()
    {
        // Stripes across and stripes down differ by 4.2 levels in the mean square, and have nothing in common.
        var across = new GreyFingerprint(Levels((_, y) => 100 + 6 * (y % 2)));
        var down = new GreyFingerprint(Levels((x, _) => 100 + 6 * (x % 2)));

        Assert.AreEqual(0, across.LikenessTo(down));
        Assert.AreEqual(1, across.LikenessTo(across), 1e-6);
    }

    [TestMethod]
    public void Pictures_of_one_color_have_to_be_the_same_color()
    {
        var flat = new GreyFingerprint(Levels((_, _) => 100));

        Assert.IsGreaterThan(0, flat.LikenessTo(new GreyFingerprint(Levels((_, _) => 100.5f))));
        Assert.AreEqual(0, flat.LikenessTo(new GreyFingerprint(Levels((_, _) => 103))));
    }

    [TestMethod]
    public void Pictures_are_recognised_in_another_size()
    {
        using var large = SamplePictures.Bitmap(3, 96);
        using var small = large.Resize(new SKImageInfo(48, 48), SKFilterQuality.High);
        using var other = SamplePictures.Bitmap(4, 96);

        var known = GreyFingerprint.Of(large);

        Assert.IsGreaterThan(0.97, known.LikenessTo(GreyFingerprint.Of(small)));
        Assert.AreEqual(0, known.LikenessTo(GreyFingerprint.Of(other)));
    }

    [TestMethod]
    public void Between_gives_each_test_row_its_nearest_training_row()
    {
        Fingerprint[] train = [new TextFingerprint("the cat sat on the mat today"), new TextFingerprint("the cat sat on the mat"), new NoFingerprint()];
        Fingerprint[] test = [new TextFingerprint("something else"), new TextFingerprint("The cat sat on the mat"), new TextFingerprint("the cat sat on the mat todax"), new NoFingerprint()];

        var pairs = NearDuplicates.Between(test, train, CancellationToken.None);

        Assert.AreSequenceEqual(new[] { (1, 1), (2, 0) }, pairs.Select(pair => (pair.Test, pair.Train)));
        Assert.AreEqual(1, pairs[0].Likeness);
    }

    static float[] Levels(Func<int, int, float> level) => [.. Enumerable.Range(0, GreyFingerprint.Side * GreyFingerprint.Side).Select(i => level(i % GreyFingerprint.Side, i / GreyFingerprint.Side))];
}
