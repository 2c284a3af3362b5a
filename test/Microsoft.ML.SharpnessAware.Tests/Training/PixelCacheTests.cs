namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PixelCacheTests
{
    const int RowSize = 10;
    const int BlockSize = 4 * RowSize + 3;

    readonly string _folder = Directory.CreateTempSubdirectory("pixel-cache-").FullName;

    [TestCleanup]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DataRow(long.MaxValue, 280, 0)]
    [DataRow(100, 80, 200)]
    [DataRow(0, 0, 280)]
    public void Read_gives_what_Write_was_given_in_memory_and_on_disk(long budget, long inMemory, long onDisk)
    {
        using var cache = new PixelCache(RowSize, budget, _folder, BlockSize);
        Parallel.For(0, 25, row => cache.Write(row, Row(row)));

        Assert.AreEqual(inMemory, cache.BytesInMemory);
        Assert.AreEqual(onDisk, cache.BytesOnDisk);
        Parallel.For(0, 25, row =>
        {
            var pixels = new byte[RowSize];
            cache.Read(row, pixels);
            Assert.AreSequenceEqual(Row(row), pixels);
        });
    }

    [TestMethod]
    public void Row_larger_than_a_block_has_a_block_of_its_own()
    {
        using var cache = new PixelCache(rowSize: 100, budget: 100, _folder, BlockSize);
        cache.Write(1, Enumerable.Repeat((byte)7, 100).ToArray());

        var pixels = new byte[100];
        cache.Read(1, pixels);
        Assert.IsTrue(pixels.All(pixel => pixel == 7));
        Assert.AreEqual(100, cache.BytesOnDisk);
    }

    [TestMethod]
    public void Dispose_leaves_no_file_and_may_come_twice()
    {
        var cache = new PixelCache(RowSize, budget: 0, _folder, BlockSize);
        cache.Write(9, Row(9));

        cache.Dispose();
        cache.Dispose();

        Assert.IsEmpty(Directory.GetFileSystemEntries(_folder));
        Assert.ThrowsExactly<ObjectDisposedException>(() => cache.Read(9, new byte[RowSize]));
    }

    [TestMethod]
    public void Write_to_a_folder_that_is_a_file_says_so()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        using var cache = new PixelCache(RowSize, budget: 0, file, BlockSize);
        Assert.Throws<IOException>(() => cache.Write(0, Row(0)));
    }

    static byte[] Row(int row) => [.. Enumerable.Range(0, RowSize).Select(i => (byte)(row * 11 + i))];
}
