using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>What a transformer gives one row at a time, as a prediction engine asks for it.</summary>
[TestClass]
public class MlNetMapperTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void GetRowToRowMapper_adds_the_columns_to_the_input()
    {
        var mapper = Mapper(new NumbersView(3));

        Assert.AreEqual("Number", string.Join(' ', mapper.InputSchema.Select(c => c.Name)));
        Assert.AreEqual("Number Name", string.Join(' ', mapper.OutputSchema.Select(c => c.Name)));
    }

    [TestMethod]
    public void GetDependencies_are_the_input_columns_that_are_needed()
    {
        var mapper = Mapper(new NumbersView(3));

        Assert.AreEqual("Number", string.Join(' ', mapper.GetDependencies([mapper.OutputSchema["Name"]]).Select(c => c.Name)));
        Assert.AreEqual("", string.Join(' ', mapper.GetDependencies([]).Select(c => c.Name)));
    }

    [TestMethod]
    public void GetRow_follows_the_row_that_it_reads()
    {
        var view = new NumbersView(3);
        var mapper = Mapper(view);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Name"]]);
        var getter = row.GetGetter<ReadOnlyMemory<char>>(mapper.OutputSchema["Name"]);
        var names = new List<string>();

        while (cursor.MoveNext())
        {
            ReadOnlyMemory<char> name = default;
            getter(ref name);
            names.Add($"{row.Position} {name}");
        }

        Assert.AreEqual("0 one,1 two,2 three", string.Join(',', names));
        Assert.AreSame(mapper.OutputSchema, row.Schema);
        Assert.IsTrue(row.IsColumnActive(mapper.OutputSchema["Name"]));
    }

    [TestMethod]
    public void GetGetter_of_another_type_is_refused()
    {
        var view = new NumbersView(3);
        var mapper = Mapper(view);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Name"]]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => row.GetGetter<float>(mapper.OutputSchema["Name"]));

        Assert.AreEqual(
            "Invalid TValue in GetGetter: 'System.Single', expected type: 'System.ReadOnlyMemory`1[System.Char]'.",
            error.Message);
    }

    [TestMethod]
    public void GetRow_of_another_schema_is_refused()
    {
        var mapper = Mapper(new NumbersView(3));
        var other = new NumbersView(3);
        using var cursor = other.GetRowCursor(other.Schema);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => mapper.GetRow(cursor, mapper.OutputSchema));

        Assert.AreEqual("Schema of input row must be the same as the schema the mapper is bound to", error.Message);
    }

    [TestMethod]
    public void Dispose_of_the_row_disposes_the_row_that_it_reads()
    {
        var view = new NumbersView(3);
        var mapper = Mapper(view);
        var row = mapper.GetRow(view.GetRowCursor(view.Schema), mapper.OutputSchema);

        row.Dispose();
        row.Dispose();

        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    public void Chain_maps_through_all_its_parts()
    {
        var view = new NumbersView(3);
        var conversion = _ml.Transforms.Conversion;
        ITransformer chain = conversion.MapKeyToValue("Name", "Number").Append(conversion.MapValueToKey("Back", "Name")).Fit(view);
        var mapper = chain.GetRowToRowMapper(view.Schema);
        using var cursor = view.GetRowCursor(view.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Back"]]);
        var getter = row.GetGetter<uint>(mapper.OutputSchema["Back"]);
        var keys = new List<uint>();

        while (cursor.MoveNext())
        {
            uint key = 0;
            getter(ref key);
            keys.Add(key);
        }

        Assert.IsTrue(chain.IsRowToRowMapper);
        CollectionAssert.AreEqual(new uint[] { 1, 2, 3 }, keys);
        Assert.AreEqual("Number", string.Join(' ', mapper.GetDependencies([mapper.OutputSchema["Back"]]).Select(c => c.Name)));
    }

    [TestMethod]
    public void GetOutputSchema_column_of_a_known_name_goes_behind_its_namesake()
    {
        var view = new NumbersView(3);
        var conversion = _ml.Transforms.Conversion;
        var chain = conversion.MapKeyToValue("Name", "Number").Append(conversion.MapKeyToValue("Number")).Fit(view);

        var schema = chain.GetOutputSchema(view.Schema);

        Assert.AreEqual(
            "Number: Key<UInt32, 0-2> {KeyValues}*|Number: String|Name: String",
            string.Join('|', schema.Select(c => c + (c.IsHidden ? "*" : ""))));
    }

    private IRowToRowMapper Mapper(NumbersView view)
        => ((ITransformer)_ml.Transforms.Conversion.MapKeyToValue("Name", "Number").Fit(view)).GetRowToRowMapper(view.Schema);
}
