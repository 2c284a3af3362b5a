using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetEnumerableFaultTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void CreateEnumerable_missing_column_is_refused_or_ignored()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.CreateEnumerable<WholeRow>(data, reuseRowObject: false));
        var row = _ml.Data.CreateEnumerable<WholeRow>(data, reuseRowObject: false, ignoreMissingColumns: true).Single();

        Assert.AreEqual("Could not find  column 'Whole' (Parameter 'Schema')", error.Message);
        Assert.AreEqual(0, row.Whole);
    }

    [TestMethod]
    public void CreateEnumerable_member_of_another_type_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow()]);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Data.CreateEnumerable<TextKeyRow>(data, reuseRowObject: false));

        Assert.AreEqual(
            "Can't bind the IDataView column 'Key' of type 'Key<UInt32, 0-2>' to field or property 'Key' of type 'System.String'.",
            error.Message);
    }

    [TestMethod]
    public void LoadFromEnumerable_faults_of_the_row_class_are_named()
    {
        Assert.AreEqual(
            "Duplicate column name 'Same' detected, this is disallowed (Parameter 'userType')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<TwiceRow>())).Message);
        Assert.AreEqual(
            "Could not determine an IDataView type and registered custom types for member Value (Parameter 'rawType')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<UnknownRow>())).Message);
        Assert.AreEqual(
            "Member Value marked with KeyType attribute, but does not appear to be a valid kind of data for a key type (Parameter 'userType')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<SignedKeyRow>())).Message);
        Assert.AreEqual(
            "Member Value marked with VectorTypeAttribute, but does not appear to be a vector type (Parameter 'userType')",
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Data.LoadFromEnumerable(Array.Empty<ScalarVectorRow>())).Message);
    }

    [TestMethod]
    public void LoadFromEnumerable_null_row_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(new KeyRow[] { null! });

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => data.GetColumn<uint>("Key").ToArray());

        Assert.AreEqual("Encountered null when iterating over data, this is not supported.", error.Message);
    }

    [TestMethod]
    public void GetGetter_of_an_inactive_column_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new PairRow()]);
        using var cursor = data.GetRowCursor([data.Schema["Whole"]]);

        Assert.IsTrue(cursor.IsColumnActive(data.Schema["Whole"]));
        Assert.IsFalse(cursor.IsColumnActive(data.Schema["Text"]));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(data.Schema["Text"]));

        Assert.AreEqual("requested column not active (Parameter 'column')", error.Message);
    }

    [TestMethod]
    public void GetGetter_of_another_type_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new PairRow()]);
        using var cursor = data.GetRowCursor(data.Schema);

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(data.Schema["Whole"]));

        Assert.AreEqual("Invalid TValue in GetGetter for column #Whole: Int32: 'System.Single', expected type: 'System.Int32'.", error.Message);
    }

    [TestMethod]
    public void GetColumn_of_another_type_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable([new KeyRow()]);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => data.GetColumn<float>("Key").ToArray());

        Assert.AreEqual(
            "Cannot map column (name: Key, type: Key<UInt32, 0-2>) in data to the user-defined type, System.Single. (Parameter 'column')",
            error.Message);
    }

    private sealed class KeyRow
    {
        [KeyType(3)]
        public uint Key;
    }

    private sealed class PairRow
    {
        public int Whole;
        public string? Text;
    }

    private sealed class TextKeyRow
    {
        public string? Key;
    }

    private sealed class WholeRow
    {
        public int Whole;
    }

    private sealed class TwiceRow
    {
        [ColumnName("Same")]
        public int First;

        [ColumnName("Same")]
        public int Second;
    }

    private sealed class UnknownRow
    {
        public Uri? Value;
    }

    private sealed class SignedKeyRow
    {
        [KeyType(3)]
        public int Value;
    }

    private sealed class ScalarVectorRow
    {
        [VectorType(3)]
        public float Value;
    }
}
