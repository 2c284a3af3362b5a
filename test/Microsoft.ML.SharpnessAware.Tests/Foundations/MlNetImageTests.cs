using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetImageTests
{
    /// <summary>A red and a blue pixel.</summary>
    private static readonly byte[] _gif =
    [
        .. "GIF89a"u8, 2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255,
        0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B,
    ];

    [TestMethod]
    public void CreateFromStream_decodes_PNG_row_by_row()
    {
        using var image = Decode(TestImages.Png(2, 3, (x, y) => (10 * x, 20 * y, 200)));

        Assert.AreEqual(2, image.Width);
        Assert.AreEqual(3, image.Height);
        Assert.AreEqual(32, image.BitsPerPixel);
        Assert.AreSequenceEqual(
            [(0, 0, 200, 255), (10, 0, 200, 255), (0, 20, 200, 255), (10, 20, 200, 255), (0, 40, 200, 255), (10, 40, 200, 255)],
            Colors(image));
    }

    [TestMethod]
    public void CreateFromStream_decodes_grey_PNG()
        => Assert.AreSequenceEqual([(7, 7, 7, 255), (250, 250, 250, 255)], Colors(Decode(TestImages.GreyPng(2, 1, (x, _) => x == 0 ? 7 : 250))));

    [TestMethod]
    public void CreateFromStream_decodes_BMP()
        => Assert.AreSequenceEqual(
            [(1, 2, 3, 255), (11, 2, 3, 255), (1, 102, 3, 255), (11, 102, 3, 255)],
            Colors(Decode(TestImages.Bmp(2, 2, (x, y) => (1 + 10 * x, 2 + 100 * y, 3)))));

    [TestMethod]
    public void CreateFromStream_decodes_GIF()
        => Assert.AreSequenceEqual([(255, 0, 0, 255), (0, 0, 255, 255)], Colors(Decode(_gif)));

    [TestMethod]
    public void CreateFromStream_decodes_JPEG()
    {
        using var image = Decode(TestImages.Jpeg);

        Assert.AreEqual((8, 8), (image.Width, image.Height));
        foreach (var (red, green, blue, _) in Colors(image))
        {
            Assert.AreEqual(200, red, 4);
            Assert.AreEqual(60, green, 4);
            Assert.AreEqual(30, blue, 4);
        }
    }

    [TestMethod]
    public void CreateFromStream_decodes_progressive_grey_JPEG()
    {
        using var image = Decode(TestImages.ProgressiveJpeg);

        Assert.AreEqual((16, 8), (image.Width, image.Height));
        Assert.AreEqual(0, Colors(image)[0].Red, 12);
        Assert.AreEqual(240, Colors(image)[15].Red, 12);
    }

    [TestMethod]
    public void CreateFromStream_multiplies_colors_by_their_opacity()
    {
        using var image = Decode(TestImages.TransparentPng(3, 1, (x, _) => (200, 100, 50, x switch { 0 => 255, 1 => 128, _ => 0 })));

        Assert.AreSequenceEqual([(200, 100, 50, 255), (100, 50, 25, 128), (0, 0, 0, 0)], Colors(image));
    }

    [TestMethod]
    public void GetBGRPixels_gives_colors_without_opacity()
    {
        using var solid = Decode(TestImages.Png(2, 1, (x, _) => (1 + x, 3, 4)));
        using var halfTransparent = Decode(TestImages.TransparentPng(1, 1, (_, _) => (200, 100, 50, 128)));

        Assert.AreSequenceEqual(new byte[] { 4, 3, 1, 4, 3, 2 }, solid.GetBGRPixels);
        Assert.AreEqual(50, halfTransparent.GetBGRPixels[0], 1);
        Assert.AreEqual(199, halfTransparent.GetBGRPixels[2], 1);
    }

    [TestMethod]
    public void CreateFromStream_bytes_that_are_no_image_are_refused()
    {
        foreach (var bytes in new byte[][] { [], [1, 2, 3], [.. "GIF89a"u8], TestImages.Jpeg[..20] })
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() => Decode(bytes));
            Assert.AreEqual("Invalid input stream contents (Parameter 'imageStream')", error.Message);
        }
    }

    [TestMethod]
    public void CreateFromFile_reads_files_and_refuses_what_is_none()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, TestImages.Png(1, 1, (_, _) => (9, 8, 7)));
            Assert.AreSequenceEqual([(9, 8, 7, 255)], Colors(MLImage.CreateFromFile(path)));
            File.WriteAllBytes(path, [1, 2, 3]);
            var error = Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile(path));
            Assert.AreEqual("Invalid path (Parameter 'imagePath')", error.Message);
            Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromFile("no-such-file.png"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void CreateFromPixels_keeps_the_pixels_and_their_order()
    {
        byte[] pixels = [1, 2, 3, 255, 5, 6, 7, 255];

        using var bgra = MLImage.CreateFromPixels(2, 1, MLPixelFormat.Bgra32, pixels);
        using var rgba = MLImage.CreateFromPixels(1, 2, MLPixelFormat.Rgba32, pixels);

        Assert.AreSequenceEqual(pixels, bgra.Pixels.ToArray());
        Assert.AreEqual(MLPixelFormat.Bgra32, bgra.PixelFormat);
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3, 5, 6, 7 }, bgra.GetBGRPixels);
        Assert.AreSequenceEqual(pixels, rgba.Pixels.ToArray());
        Assert.AreEqual(MLPixelFormat.Rgba32, rgba.PixelFormat);
        Assert.AreSequenceEqual(new byte[] { 3, 2, 1, 7, 6, 5 }, rgba.GetBGRPixels);
    }

    [TestMethod]
    public void CreateFromPixels_faults_are_named()
    {
        Assert.AreEqual("Unsupported pixel format (Parameter 'pixelFormat')", Fault(1, 1, MLPixelFormat.Unknown, 4));
        Assert.AreEqual("Invalid width value. (Parameter 'width')", Fault(0, 1, MLPixelFormat.Bgra32, 4));
        Assert.AreEqual("Invalid height value. (Parameter 'height')", Fault(1, 0, MLPixelFormat.Bgra32, 4));
        Assert.AreEqual("Invalid imagePixelData buffer size.", Fault(1, 1, MLPixelFormat.Bgra32, 3));

        static string Fault(int width, int height, MLPixelFormat format, int bytes)
            => Assert.ThrowsExactly<ArgumentException>(() => MLImage.CreateFromPixels(width, height, format, new byte[bytes])).Message;
    }

    [TestMethod]
    public void Save_writes_PNG_without_loss_and_JPEG_nearly()
    {
        using var image = Decode(TestImages.Png(8, 8, (x, y) => (10 * x, 20 * y, 200)));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var png = Path.Combine(folder.FullName, "a.png");
            var jpeg = Path.Combine(folder.FullName, "a.JPG");
            image.Save(png);
            image.Save(jpeg);

            Assert.AreSequenceEqual(image.Pixels.ToArray(), MLImage.CreateFromFile(png).Pixels.ToArray());
            Assert.AreEqual(10 * 7, Colors(MLImage.CreateFromFile(jpeg))[^1].Red, 12);
            var unknown = Assert.ThrowsExactly<ArgumentException>(() => image.Save(Path.Combine(folder.FullName, "a.txt")));
            Assert.AreEqual("Path has invalid image file extension. (Parameter 'imagePath')", unknown.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Dispose_ends_the_image()
    {
        var image = Decode(TestImages.Png(1, 1, (_, _) => (9, 8, 7)));
        image.Tag = "name";
        Assert.AreEqual("name", image.Tag);

        image.Dispose();
        image.Dispose();

        Assert.AreEqual("Object is disposed.", Assert.ThrowsExactly<InvalidOperationException>(() => _ = image.Width).Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = image.Pixels.Length);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = image.Tag);
    }

    [TestMethod]
    public void ImageDataViewType_is_known_by_its_size()
    {
        Assert.AreEqual("Image", new ImageDataViewType().ToString());
        Assert.AreEqual("Image<2, 3>", new ImageDataViewType(2, 3).ToString());
        Assert.IsTrue(new ImageDataViewType(2, 3).Equals(new ImageDataViewType(2, 3)));
        Assert.IsFalse(new ImageDataViewType(2, 3).Equals(new ImageDataViewType()));
        Assert.AreEqual(typeof(MLImage), new ImageDataViewType().RawType);
    }

    [TestMethod]
    public void LoadFromEnumerable_takes_images_of_a_size()
    {
        var ml = new MLContext(1);
        using var image = Decode(TestImages.Png(3, 2, (_, _) => (9, 8, 7)));

        var data = ml.Data.LoadFromEnumerable([new Row { Image = image }]);

        Assert.AreEqual("Image<2, 3>", data.Schema["Image"].Type.ToString());
        Assert.AreSame(image, data.GetColumn<MLImage>("Image").Single());
        Assert.AreSame(image, ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false).Single().Image);
    }

    [TestMethod]
    public void Cache_and_ShuffleRows_drop_images()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable([new Row()]);

        Assert.AreSequenceEqual(["Name"], ml.Data.Cache(data).Schema.Select(column => column.Name));
        Assert.AreSequenceEqual(["Name"], ml.Data.ShuffleRows(data).Schema.Select(column => column.Name));
    }

    private static MLImage Decode(byte[] encoded) => MLImage.CreateFromStream(new MemoryStream(encoded));

    private static (int Red, int Green, int Blue, int Opacity)[] Colors(MLImage image)
    {
        var isBgra = image.PixelFormat == MLPixelFormat.Bgra32;
        return [.. image.Pixels.ToArray().Chunk(4).Select(pixel => ((int)pixel[isBgra ? 2 : 0], (int)pixel[1], (int)pixel[isBgra ? 0 : 2], (int)pixel[3]))];
    }

    private sealed class Row
    {
        [ImageType(2, 3)]
        public MLImage? Image;

        public string? Name;
    }
}
