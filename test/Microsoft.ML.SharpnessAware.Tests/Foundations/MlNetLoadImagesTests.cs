using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public sealed class MlNetLoadImagesTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public MlNetLoadImagesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "red"));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "red", "a.png"), TestImages.Png(2, 1, (_, _) => (255, 0, 0)));
        File.WriteAllBytes(Path.Combine(_folder.FullName, "b.bin"), [1, 2, 3, 4, 5]);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "empty.png"), []);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public void LoadRawImageBytes_gives_the_bytes_of_files()
    {
        var data = Paths("red/a.png", "b.bin", "empty.png", "");

        var loaded = _ml.Transforms.LoadRawImageBytes("Bytes", _folder.FullName, "Path").Fit(data).Transform(data);

        Assert.AreEqual("Vector<Byte>", loaded.Schema["Bytes"].Type.ToString());
        var bytes = loaded.GetColumn<byte[]>("Bytes").ToArray();
        Assert.AreSequenceEqual(File.ReadAllBytes(Path.Combine(_folder.FullName, "red", "a.png")), bytes[0]);
        Assert.AreSequenceEqual(new byte[] { 1, 2, 3, 4, 5 }, bytes[1]);
        Assert.IsEmpty(bytes[2]);
        Assert.IsEmpty(bytes[3]);
    }

    [TestMethod]
    public void LoadRawImageBytes_without_a_folder_takes_paths_as_they_are()
    {
        var data = Paths(Path.Combine(_folder.FullName, "b.bin"));

        var loaded = _ml.Transforms.LoadRawImageBytes("Path", null).Fit(data).Transform(data);

        Assert.AreSequenceEqual(new byte[] { 1, 2, 3, 4, 5 }, loaded.GetColumn<byte[]>("Path").Single());
    }

    [TestMethod]
    public void LoadRawImageBytes_faults_are_named()
    {
        var missing = Path.Combine(_folder.FullName, "missing");
        Assert.AreEqual(
            $"Directory \"{missing}\" does not exist.",
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Transforms.LoadRawImageBytes("Bytes", missing, "Path")).Message);

        var data = Paths("none.png");
        var loaded = _ml.Transforms.LoadRawImageBytes("Bytes", _folder.FullName, "Path").Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => loaded.GetColumn<byte[]>("Bytes").ToArray());
        Assert.IsInstanceOfType<FileNotFoundException>(error.InnerException);

        var numbers = _ml.Data.LoadFromEnumerable([new NumberRow()]);
        Assert.AreEqual(
            "Schema mismatch for input column 'Path': expected String, got Single (Parameter 'inputSchema')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Transforms.LoadRawImageBytes("Bytes", null, "Path").Fit(numbers)).Message);
    }

    [TestMethod]
    public void LoadImages_decodes_files_and_tags_them()
    {
        var data = Paths("red/a.png", "");
        var loaded = _ml.Transforms.LoadImages("Image", _folder.FullName, "Path").Fit(data).Transform(data);
        using var cursor = loaded.GetRowCursor([loaded.Schema["Image"]]);
        var get = cursor.GetGetter<MLImage>(loaded.Schema["Image"]);
        MLImage image = null!;

        Assert.AreEqual("Image", loaded.Schema["Image"].Type.ToString());
        Assert.IsTrue(cursor.MoveNext());
        get(ref image);
        Assert.AreEqual((2, 1), (image.Width, image.Height));
        Assert.AreEqual(Path.Combine(_folder.FullName, "red/a.png"), image.Tag);

        var first = image;
        Assert.IsTrue(cursor.MoveNext());
        get(ref image);
        Assert.IsNull(image);
        Assert.ThrowsExactly<InvalidOperationException>(() => _ = first.Width, "the getter disposes the image that it is given");
    }

    private IDataView Paths(params string[] paths) => _ml.Data.LoadFromEnumerable(paths.Select(path => new PathRow { Path = path }));

    private sealed class PathRow
    {
        public string? Path;
    }

    private sealed class NumberRow
    {
        public float Path;
    }
}
