namespace MlnetSam.Tests;

[TestClass]
public sealed class ImageFilesTests
{
    [TestMethod]
    public void Images_come_in_the_order_of_their_names_whatever_that_of_the_file_system()
    {
        using var folder = new TempFolder();
        foreach (var label in new[] { "d", "b", "C", "a" })
        {
            Directory.CreateDirectory(folder["pets", label]);
            folder.Write($"pets/{label}/2.png", "");
            folder.Write($"pets/{label}/1.png", "");
        }

        CollectionAssert.AreEqual(
            new[] { "C 1", "C 2", "a 1", "a 2", "b 1", "b 2", "d 1", "d 2" },
            Array.ConvertAll(ImageFiles.WithClasses(folder["pets"]), image => $"{image.Label} {Path.GetFileNameWithoutExtension(image.ImagePath)}"));
    }
}
