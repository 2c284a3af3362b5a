namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ColorChangeTests
{
    // Values near 1 after a few operations in float32.
    const double Float = 1e-6;

    [TestMethod]
    public void Brightness_multiplies_and_stays_in_range()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Colors((0.2f, 0.4f, 0.8f), (0.2f, 0.4f, 0.8f));

        ImageBatch.AreNear([0.1f, 0.2f, 0.4f, 0.4f, 0.8f, 1], ColorChange.Brightness(images, ImageBatch.Amounts(0.5f, 2)), Float);
    }

    [TestMethod]
    public void Contrast_moves_away_from_the_mean_of_the_luma()
    {
        using var scope = NewDisposeScope();
        var grey = ImageBatch.Grey(new float[,] { { 0.2f, 0.6f } });
        var colored = ImageBatch.Colors((1, 0, 0));

        ImageBatch.AreNear([0.3f, 0.5f], ColorChange.Contrast(grey, ImageBatch.Amounts(0.5f)), Float);
        ImageBatch.AreNear([0, 0.8f], ColorChange.Contrast(grey, ImageBatch.Amounts(2)), Float);
        // The luma of red is 0.299.
        ImageBatch.AreNear([0.6495f, 0.1495f, 0.1495f], ColorChange.Contrast(colored, ImageBatch.Amounts(0.5f)), Float);
    }

    [TestMethod]
    public void Saturation_moves_away_from_each_pixels_luma()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Colors((1, 0, 0), (0.5f, 0.5f, 0.5f), (0.2f, 0.4f, 0.6f));

        ImageBatch.AreNear([0.299f, 0.299f, 0.299f, 0.5f, 0.5f, 0.5f, 0.363f, 0.363f, 0.363f], ColorChange.Saturation(images, ImageBatch.Amounts(0, 0, 0)), Float);
        // 0.363 + 1.5 × the distances -0.163, 0.037 and 0.237.
        ImageBatch.AreNear([0.1185f, 0.4185f, 0.7185f], ColorChange.Saturation(images.narrow(0, 2, 1), ImageBatch.Amounts(1.5f)), Float);
    }

    [TestMethod]
    public void Sharpness_moves_away_from_a_smoothed_image_but_at_the_edge()
    {
        using var scope = NewDisposeScope();
        var image = ImageBatch.Grey(new float[,] { { 0, 0, 0 }, { 0, 0.65f, 0 }, { 0, 0, 0.13f } });

        // Smoothed, the middle is (5 × 0.65 + 0.13) / 13 = 0.26.
        ImageBatch.AreNear([0, 0, 0, 0, 0.26f, 0, 0, 0, 0.13f], ColorChange.Sharpness(image, ImageBatch.Amounts(0)), Float);
        ImageBatch.AreNear([0, 0, 0, 0, 0.845f, 0, 0, 0, 0.13f], ColorChange.Sharpness(image, ImageBatch.Amounts(1.5f)), Float);
        var flat = ImageBatch.Random(1, 1, 3, 2, 9);
        Assert.AreSequenceEqual(flat.Values(), ColorChange.Sharpness(flat, ImageBatch.Amounts(0)).Values(), "too low to smooth");
    }

    [TestMethod]
    public void Hue_turns_red_into_green_into_blue_and_leaves_greys_alone()
    {
        using var scope = NewDisposeScope();
        var images = ImageBatch.Colors((1, 0, 0), (0, 1, 0), (1, 1, 0), (0.3f, 0.3f, 0.3f), (0, 0, 0));
        const float Third = 1f / 3;

        ImageBatch.AreNear([0, 1, 0, 0, 0, 1, 0, 1, 1, 0.3f, 0.3f, 0.3f, 0, 0, 0], ColorChange.Hue(images, ImageBatch.Amounts(Third, Third, Third, Third, Third)), Float);
        ImageBatch.AreNear([0, 1, 1, 1, 0, 1, 0, 0, 1, 0.3f, 0.3f, 0.3f, 0, 0, 0], ColorChange.Hue(images, ImageBatch.Amounts(0.5f, 0.5f, -0.5f, 0.5f, 0.5f)), Float);
    }

    [TestMethod]
    public void Hue_is_as_through_HSV()
    {
        using var scope = NewDisposeScope();
        var colors = ImageBatch.Random(1, 200, 3, 1, 1);
        var turned = ColorChange.Hue(colors, ImageBatch.Random(2, 200, 1, 1, 1) - 0.5).Values();
        var (values, turns) = (colors.Values(), (ImageBatch.Random(2, 200, 1, 1, 1) - 0.5).Values());

        for (var i = 0; i < 200; i++)
        {
            var (red, green, blue) = ThroughHsv(values[3 * i], values[3 * i + 1], values[3 * i + 2], turns[i]);
            // Divided by differences of colors that may be small, in float32.
            Near.Equal([red, green, blue], [turned[3 * i], turned[3 * i + 1], turned[3 * i + 2]], 1e-5);
        }
    }

    [TestMethod]
    public void Hue_and_saturation_of_grey_images_stay()
    {
        using var scope = NewDisposeScope();
        var grey = ImageBatch.Random(1, 2, 1, 3, 3);

        Assert.AreSequenceEqual(grey.Values(), ColorChange.Hue(grey, ImageBatch.Amounts(0.3f, 0.1f)).Values());
        Assert.AreSequenceEqual(grey.Values(), ColorChange.Saturation(grey, ImageBatch.Amounts(0, 2)).Values());
    }

    // The six cases of the textbooks, in double.
    static (double, double, double) ThroughHsv(double red, double green, double blue, double turn)
    {
        var (max, min) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
        var hue = max == red ? (green - blue) / (max - min) : max == green ? 2 + (blue - red) / (max - min) : 4 + (red - green) / (max - min);
        hue = ((hue / 6 + turn) % 1 + 1) % 1 * 6;
        var saturation = (max - min) / max;
        var sector = (int)hue;
        var f = hue - sector;
        var (p, q, t) = (max * (1 - saturation), max * (1 - saturation * f), max * (1 - saturation * (1 - f)));
        return sector switch { 0 => (max, t, p), 1 => (q, max, p), 2 => (p, max, t), 3 => (p, q, max), 4 => (t, p, max), _ => (max, p, q) };
    }
}
