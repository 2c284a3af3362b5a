namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ExampleWeightReaderTests
{
    [TestMethod]
    public void Open_reads_the_weights_of_the_rows()
    {
        CollectionAssert.AreEqual(new[] { 0f, 2.5f }, Read("Weight", 0, 2.5f));
        CollectionAssert.AreEqual(new[] { 1f, 1f }, Read(null, 0, 2.5f), "without a column");
    }

    [TestMethod]
    [DataRow(-1f, "-1")]
    [DataRow(float.NaN, "NaN")]
    [DataRow(float.PositiveInfinity, "Infinity")]
    public void Open_refuses_what_is_no_weight(float weight, string text) => Assert.AreEqual(
        $"The weight of row 1 (counting from 0) in column 'Weight' must be finite and 0 or more, but was {text}. Set it to 0 where a row is not to count.",
        Assert.Throws<InvalidOperationException>(() => Read("Weight", 1, weight)).Message);

    static float[] Read(string? column, params float[] weights)
    {
        var rows = Pictures.RowsOf(i => new { Weight = weights[i] })(new MLContext(), weights.Length);
        var reader = new ExampleWeightReader(rows.Schema, column);
        using var cursor = rows.GetRowCursor(reader.Columns);
        var weight = reader.Open(cursor);
        var read = new List<float>();
        while (cursor.MoveNext())
            read.Add(weight());
        return [.. read];
    }
}
