using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LabelReaderTests
{
    [TestMethod]
    [DataRow(nameof(KeyRow.Byte))]
    [DataRow(nameof(KeyRow.UInt32))]
    [DataRow(nameof(KeyRow.UInt64))]
    public void Open_reads_keys_of_each_width(string column)
    {
        var data = new MLContext().Data.LoadFromEnumerable([KeyRow.Of(0), KeyRow.Of(199), KeyRow.Of(200)]);
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var label = LabelReader.Open(cursor, data.Schema[column]);

        var labels = new List<long>();
        while (cursor.MoveNext())
            labels.Add(label());

        Assert.AreSequenceEqual([1L, 200, 0], labels);
    }

    [TestMethod]
    public void Open_of_a_column_without_keys_is_refused()
    {
        var data = new MLContext().Data.LoadFromEnumerable([KeyRow.Of(1)]);
        using var cursor = data.GetRowCursor([data.Schema[nameof(KeyRow.Text)]]);
        var error = Assert.ThrowsExactly<ArgumentException>(() => LabelReader.Open(cursor, data.Schema[nameof(KeyRow.Text)]));
        Assert.AreEqual("Cannot read labels from column 'Text': expected a key, but got String. Put MapValueToKey before the trainer.", error.Message);
    }

    sealed class KeyRow
    {
        [KeyType(200)]
        public byte Byte;

        [KeyType(200)]
        public uint UInt32;

        [KeyType(200)]
        public ulong UInt64;

        public string Text = "";

        /// <summary>A row whose keys are the given number counting from 0; 200 is one too many, and so missing.</summary>
        public static KeyRow Of(byte key) => new() { Byte = key, UInt32 = key, UInt64 = key };
    }
}
