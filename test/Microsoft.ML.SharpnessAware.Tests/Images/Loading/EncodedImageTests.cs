namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EncodedImageTests
{
    static IEnumerable<object[]> WholeFiles =>
    [
        [TestImages.Jpeg],
        [TestImages.ProgressiveJpeg],
        [TestImages.Png(3, 2, (x, y) => (x, y, 0))],
        [TestImages.Bmp(3, 2, (x, y) => (x, y, 0))],
        [(byte[])[.. TestImages.Jpeg, 0, 0, 0]],
    ];

    [TestMethod]
    [DynamicData(nameof(WholeFiles))]
    public void CheckComplete_accepts_whole_files(byte[] file) => EncodedImage.CheckComplete(file);

    [TestMethod]
    [DynamicData(nameof(TruncatedFiles))]
    public void CheckComplete_refuses_a_JPEG_or_PNG_cut_anywhere(byte[] file, string format)
    {
        for (var length = 4; length < file.Length - 4; length++)
        {
            var bad = Assert.ThrowsExactly<BadImageException>(() => EncodedImage.CheckComplete(file.AsSpan(0, length)), $"{length} bytes");
            Assert.AreEqual($"it is a {format} that ends too early, after {length} bytes", bad.Message);
        }
    }

    static IEnumerable<object[]> TruncatedFiles =>
    [
        [TestImages.Jpeg, "JPEG"],
        [TestImages.ProgressiveJpeg, "JPEG"],
        [TestImages.Png(3, 2, (x, y) => (x, y, 0)), "PNG"],
    ];

    [TestMethod]
    public void CheckComplete_does_not_take_the_end_of_a_thumbnail_for_the_end()
    {
        byte[] thumbnail = [0xFF, 0xE1, 0, 2 + 4, 0xFF, 0xD8, 0xFF, 0xD9];
        var file = TestImages.Jpeg;
        byte[] withThumbnail = [.. file[..2], .. thumbnail, .. file[2..]];

        EncodedImage.CheckComplete(withThumbnail);
        Assert.ThrowsExactly<BadImageException>(() => EncodedImage.CheckComplete(withThumbnail.AsSpan(0, withThumbnail.Length - 2)));
    }

    [TestMethod]
    public void CheckComplete_refuses_an_empty_file()
    {
        var bad = Assert.ThrowsExactly<BadImageException>(() => EncodedImage.CheckComplete([]));
        Assert.AreEqual("it has 0 bytes", bad.Message);
    }

    [TestMethod]
    public void Beginning_is_text_where_the_file_is()
    {
        Assert.AreEqual("\"<!DOCTYPE ht\"", EncodedImage.Beginning("<!DOCTYPE html>"u8));
        Assert.AreEqual("010203", EncodedImage.Beginning([1, 2, 3]));
    }
}
