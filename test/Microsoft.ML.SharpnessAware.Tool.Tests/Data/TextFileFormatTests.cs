using Microsoft.ML.Data;

namespace MlnetSam.Tests;

[TestClass]
public sealed class TextFileFormatTests
{
    readonly TempFolder _folder = new();

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    [DataRow("a.tsv", "label,x\ttext", '\t')]
    [DataRow("a.csv", "label,text", ',')]
    [DataRow("a.csv", "label;text;and, more", ';')]
    [DataRow("a.txt", "label|text", '|')]
    public void Separator_is_that_of_the_first_line(string name, string line, char separator) =>
        Assert.AreEqual(separator, TextFileFormat.Of(_folder.Write(name, line + "\n"), hasHeader: true).Separator);

    [TestMethod]
    public void Without_a_header_columns_are_numbered()
    {
        var file = _folder.Write("a.csv", "sky,sun\nfood,soup\n");
        var format = TextFileFormat.Of(file, hasHeader: false);

        CollectionAssert.AreEqual(new[] { "col0", "col1" }, format.Columns.ToArray());
        Assert.AreEqual(1, format.IndexOf("col1", file, "--text-col"));
        Assert.AreEqual(1, format.IndexOf("1", file, "--text-col"));
    }

    [TestMethod]
    public void Quoted_separators_line_ends_and_marks_are_part_of_the_text()
    {
        var file = _folder.Write("a.csv", "\"label\",\"the text\"\nsky,\"sun, and \"\"rain\"\"\nagain\"\nfood,soup\n");
        var format = TextFileFormat.Of(file, hasHeader: true);

        CollectionAssert.AreEqual(new[] { "label", "the text" }, format.Columns.ToArray());
        Assert.IsTrue(format.Quoting);
        CollectionAssert.AreEqual(new[] { "sun, and \"rain\"\nagain", "soup" }, Read(file, format, "the text"));
    }

    [TestMethod]
    public void Stray_quotation_marks_turn_quoting_off_so_that_no_text_is_lost()
    {
        var file = _folder.Write("a.tsv", "label\ttext\nsky\t\"sun\"\nfood\t\"Soup!\" he said\nsky\t\"never closed\n");
        var format = TextFileFormat.Of(file, hasHeader: true);

        Assert.IsFalse(format.Quoting);
        Assert.AreEqual(3, format.StrayQuote);
        CollectionAssert.AreEqual(new[] { "\"sun\"", "\"Soup!\" he said", "\"never closed" }, Read(file, format, "text"));
    }

    [TestMethod]
    public void Column_of_a_name_that_occurs_twice_is_asked_for_by_number()
    {
        var file = _folder.Write("a.csv", "text,text,label\n");

        Assert.AreEqual(
            $"--text-col: '{file}' has 2 columns 'text'. Give the column's number, such as 0; they count from 0.",
            Assert.ThrowsExactly<InvalidDataException>(() => TextFileFormat.Of(file, hasHeader: true).IndexOf("text", file, "--text-col")).Message);
    }

    static string[] Read(string file, TextFileFormat format, string column) =>
        [.. new MLContext().Data.CreateTextLoader(format.LoaderOf([(column, format.IndexOf(column, file, "--text-col"))])).Load(file).GetColumn<string>(column)];
}
