namespace MlnetSam.Tests;

[TestClass]
public sealed class TextTaskTests
{
    [TestMethod]
    [DataRow("label,text", 0, 1, null, "label text")]
    [DataRow("text,Score", 1, 0, null, "Score2 text", DisplayName = "the model's Score would hide it")]
    [DataRow("text,Score,Score2", 1, 0, null, "Score3 text", DisplayName = "not the name of a column that is not read")]
    [DataRow("label,Score", 0, 1, null, "label Score", DisplayName = "texts are read before the model adds its columns")]
    [DataRow("text,text,label", 2, 0, 1, "label text text2")]
    [DataRow("text,text,text2,label", 3, 0, 1, "label text text3")]
    [DataRow("text,text,label", 2, 1, null, "label text", DisplayName = "the other is not read")]
    public void Columns_have_the_names_of_the_file_unless_these_are_hidden(string header, int label, int text, int? second, string names) =>
        Assert.AreEqual(names, string.Join(' ', new TextTask
        {
            Dataset = "texts.csv",
            Format = new TextFileFormat(',', HasHeader: true, header.Split(','), Quoting: false, StrayQuote: null, Comments: 0),
            LabelIndex = label,
            TextIndex = text,
            Text2Index = second,
            Network = new BagOfEmbeddings(),
        }.Columns.Select(column => column.Name)));
}
