namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FirstImagesTests
{
    static readonly byte[] Color = TestImages.Png(5, 4, (x, y) => (40 * x, 50 * y, 7));

    [TestMethod]
    public void FindShape_decodes_each_image_once_and_keeps_it_in_that_shape()
    {
        var cells = new[] { TestRows.Grey(5, width: 6), Color, TestRows.Grey(9) }.Select(file => new CountedCell(file)).ToArray();
        var first = new FirstImages(largestSize: 32, leastChannels: 1);

        var shape = first.FindShape(Rows(cells))!;

        Assert.AreEqual(new ImageShape(3, 4, 6), shape);
        for (var i = 0; i < cells.Length; i++)
        {
            Assert.AreSequenceEqual(Decoded(new CountedCell(cells[i].File), shape), Decoded(first.Rows[i].Image, shape));
            Assert.AreEqual(1, cells[i].Decodings);
        }
    }

    [TestMethod]
    public void FindShape_of_grey_images_keeps_their_luma()
    {
        var file = TestImages.GreyPng(41, 35, (x, y) => (x * 37 + y * 91) % 256);
        var first = new FirstImages(largestSize: 32, leastChannels: 1);

        var shape = first.FindShape(Rows(new CountedCell(file)))!;

        Assert.AreEqual(new ImageShape(1, 32, 32), shape);
        Assert.AreSequenceEqual(Decoded(new CountedCell(file), shape), Decoded(first.Rows[0].Image, shape));
    }

    [TestMethod]
    public void FindShape_reads_sixteen_rows_and_as_many_more_as_are_unusable()
    {
        var first = new FirstImages(largestSize: 32, leastChannels: 1);
        var cells = Enumerable.Range(0, 40).Select(i => new CountedCell(i < 20 ? [] : Color)).ToArray();

        Assert.AreEqual(new ImageShape(3, 4, 5), first.FindShape(Rows(cells)));
        Assert.HasCount(21, first.Rows);
        Assert.IsFalse(first.Rows[3].Image.TryDecode(new ImageShape(3, 4, 5), new byte[60], out var fault));
        Assert.AreEqual("it has 0 bytes", fault);

        var usable = new FirstImages(largestSize: 32, leastChannels: 1);
        usable.FindShape(Rows(cells[20..]));
        Assert.HasCount(16, usable.Rows);
    }

    static IEnumerator<ImageRow> Rows(params CountedCell[] cells) => cells.Select((cell, i) => new ImageRow(i, i, cell)).GetEnumerator();

    static byte[] Decoded(ImageCell cell, ImageShape shape)
    {
        var pixels = new byte[shape.Count];
        Assert.IsTrue(cell.TryDecode(shape, pixels, out var fault), fault);
        return pixels;
    }

    sealed class CountedCell(byte[] file) : ImageCell
    {
        public byte[] File => file;

        public int Decodings { get; private set; }

        public override DecodedImage Decode()
        {
            Decodings++;
            return new EncodedImage(file, TestRows.Decoding).Decode();
        }
    }
}
