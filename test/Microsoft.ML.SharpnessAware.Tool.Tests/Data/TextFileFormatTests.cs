using System.Text;
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
    [DataRow("a.csv", "label,\"text; title; and, more\"", ',')]
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
    public void Header_is_split_as_the_rows_are()
    {
        var file = _folder.Write("a.csv", "label,\"title, subtitle\", text,\"the \"\"address\"\"\nof it\",\nsky,\"a, b\",sun,c,d\n");
        var format = TextFileFormat.Of(file, hasHeader: true);

        CollectionAssert.AreEqual(new[] { "label", "title, subtitle", "text", "the \"address\"\nof it", "col4" }, format.Columns.ToArray());
        CollectionAssert.AreEqual(new[] { "sun" }, Read(file, format, "text"));
        CollectionAssert.AreEqual(new[] { "d" }, Read(file, format, "col4"));
    }

    [TestMethod]
    public void Spaces_around_quotation_marks_do_not_count()
    {
        var file = _folder.Write("a.csv", "label, text\nsky, \"sun, and rain\"\nfood, \"soup\" \n");
        var format = TextFileFormat.Of(file, hasHeader: true);

        Assert.IsTrue(format.Quoting);
        CollectionAssert.AreEqual(new[] { "sun, and rain", "soup" }, Read(file, format, "text"));
    }

    [TestMethod]
    public void Stray_quotation_mark_behind_a_space_turns_quoting_off_too()
    {
        var file = _folder.Write("a.tsv", "label\ttext\nsky\t\"sun\"\nfood\t \"Soup!\" he said\n");
        var format = TextFileFormat.Of(file, hasHeader: true);

        Assert.AreEqual(3, format.StrayQuote);
        CollectionAssert.AreEqual(new[] { "\"sun\"", "\"Soup!\" he said" }, Read(file, format, "text"));
    }

    [TestMethod]
    public void Lines_that_MlNet_takes_for_comments_are_counted_in_a_warning()
    {
        var file = _folder.Write("a.tsv", "label\ttext\n//sky\tsun\n //sky\train\n#food\tsoup\n");
        var format = TextFileFormat.Of(file, hasHeader: true);
        var warnings = new List<string>();
        format.Warn(file, warnings.Add);

        CollectionAssert.AreEqual(new[] { "//sky", "#food" }, Read(file, format, "label"));
        CollectionAssert.AreEqual(new[] { $"'{file}': lines that begin with // are left out, 1 of them, because ML.NET takes them for comments. A space before the // keeps a line." }, warnings);
    }

    [TestMethod]
    [DataRow("#")]
    [DataRow("//")]
    public void First_line_that_MlNet_takes_for_a_comment_is_refused(string mark)
    {
        var file = _folder.Write("a.csv", $"{mark}label,text\nsky,sun\n");

        Assert.AreEqual(
            $"The first line of '{file}' begins with {mark}: ML.NET takes it for a comment, and leaves it out. Delete the line, or put a space before the {mark} if it has the names of the columns or a text.",
            Assert.ThrowsExactly<InvalidDataException>(() => TextFileFormat.Of(file, hasHeader: true)).Message);
        var mended = _folder.Write("b.csv", $" {mark}label,text\nsky,sun\n");
        CollectionAssert.AreEqual(new[] { "sky" }, Read(mended, TextFileFormat.Of(mended, hasHeader: true), $"{mark}label"));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Bytes_that_are_not_UTF_8_are_refused(bool hasMark)
    {
        var file = _folder["a.tsv"];
        File.WriteAllBytes(file, [.. hasMark ? Encoding.UTF8.GetPreamble() : Array.Empty<byte>(), .. Encoding.Latin1.GetBytes("label\ttext\nD\u00e4mmerung\tsun\n")]);

        Assert.AreEqual(
            $"'{file}' is not UTF-8: it has bytes that mean nothing there, as a file in Windows-1252 has. Save it as UTF-8, or as UTF-16 with a byte order mark.",
            Assert.ThrowsExactly<InvalidDataException>(() => TextFileFormat.Of(file, hasHeader: true)).Message);
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
