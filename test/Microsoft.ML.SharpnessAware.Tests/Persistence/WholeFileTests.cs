namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public sealed class WholeFileTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("WholeFile").FullName;

    string Path => System.IO.Path.Combine(_folder, "table.csv");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Write_replaces_the_file()
    {
        File.WriteAllText(Path, "old, and longer");

        WholeFile.Write(Path, writer => writer.Write("new"));

        Assert.AreEqual("new", File.ReadAllText(Path));
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Write_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it()
    {
        File.WriteAllText(Path, "old");

        Assert.Throws<InvalidOperationException>(() => WholeFile.Write(Path, writer =>
        {
            writer.Write("half");
            throw new InvalidOperationException();
        }));

        Assert.AreEqual("old", File.ReadAllText(Path));
        Assert.HasCount(1, Directory.GetFiles(_folder));
    }

    [TestMethod]
    public void Write_where_a_folder_is_fails_and_leaves_nothing_beside_it()
    {
        Directory.CreateDirectory(Path);

        Assert.Throws<IOException>(() => WholeFile.Write(Path, writer => writer.Write("text")));

        Assert.IsEmpty(Directory.GetFiles(_folder));
    }
}
