using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetSchemaTests
{
    [TestMethod]
    public void ToSchema_a_later_column_of_the_same_name_hides_the_earlier_one()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("A", NumberDataViewType.Single);
        builder.AddColumn("B", TextDataViewType.Instance);
        builder.AddColumn("A", NumberDataViewType.Double);

        var schema = builder.ToSchema();

        Assert.AreEqual("3 columns", schema.ToString());
        Assert.AreEqual("A* B A", string.Join(' ', schema.Select(c => c.Name + (c.IsHidden ? "*" : ""))));
        Assert.AreEqual(2, schema["A"].Index);
        Assert.AreEqual(NumberDataViewType.Double, schema["A"].Type);
    }

    [TestMethod]
    public void Indexer_unknown_name_is_refused()
    {
        var schema = Schema("A");

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema["B"]);

        Assert.AreEqual("Column 'B' not found (Parameter 'name')", error.Message);
        Assert.IsNull(schema.GetColumnOrNull("B"));
        Assert.ThrowsExactly<ArgumentNullException>(() => schema.GetColumnOrNull(""));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => schema[1]);
    }

    [TestMethod]
    public void AddColumns_takes_types_and_annotations_over()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("Answer", NumberDataViewType.Int32, 42);
        var first = new DataViewSchema.Builder();
        first.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());
        var second = new DataViewSchema.Builder();

        second.AddColumns(first.ToSchema());
        second.AddColumns([new DataViewSchema.DetachedColumn("B", TextDataViewType.Instance)]);

        var schema = second.ToSchema();
        Assert.AreEqual("A: Single {Answer}", schema[0].ToString());
        Assert.AreEqual("B: String", schema[1].ToString());
        Assert.AreEqual(0, schema["B"].Annotations.Schema.Count);
    }

    [TestMethod]
    public void AddColumn_without_name_or_type_is_refused()
    {
        var builder = new DataViewSchema.Builder();

        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("", NumberDataViewType.Single));
        Assert.ThrowsExactly<ArgumentNullException>(() => builder.AddColumn("A", null));
    }

    private static DataViewSchema Schema(string name)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name, NumberDataViewType.Single);
        return builder.ToSchema();
    }
}
