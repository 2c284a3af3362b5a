using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetVectorTypeTests
{
    [TestMethod]
    public void ToString_shows_the_size_where_it_is_known()
    {
        Assert.AreEqual("Vector<Single, 3>", new VectorDataViewType(NumberDataViewType.Single, 3).ToString());
        Assert.AreEqual("Vector<Byte>", new VectorDataViewType(NumberDataViewType.Byte).ToString());
        Assert.AreEqual("Vector<String, 2, 3>", new VectorDataViewType(TextDataViewType.Instance, 2, 3).ToString());
        Assert.AreEqual("Vector<Single, *, 3>", new VectorDataViewType(NumberDataViewType.Single, 0, 3).ToString());
        Assert.AreEqual("Vector<Key<UInt32, 0-4>, 2>", new VectorDataViewType(new KeyDataViewType(typeof(uint), 5), 2).ToString());
    }

    [TestMethod]
    public void Size_is_the_product_of_the_dimensions()
    {
        var known = new VectorDataViewType(NumberDataViewType.Single, 2, 3);
        var unknown = new VectorDataViewType(NumberDataViewType.Single, 0, 3);

        Assert.AreEqual(6, known.Size);
        Assert.IsTrue(known.IsKnownSize);
        Assert.AreEqual(0, unknown.Size);
        Assert.IsFalse(unknown.IsKnownSize);
        Assert.AreEqual(typeof(VBuffer<float>), known.RawType);
    }

    [TestMethod]
    public void Equals_looks_at_items_and_every_dimension()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, 2, 3);

        Assert.IsTrue(type.Equals(new VectorDataViewType(NumberDataViewType.Single, 2, 3)));
        Assert.AreEqual(type.GetHashCode(), new VectorDataViewType(NumberDataViewType.Single, 2, 3).GetHashCode());
        Assert.IsFalse(type.Equals(new VectorDataViewType(NumberDataViewType.Single, 6)));
        Assert.IsFalse(type.Equals(new VectorDataViewType(NumberDataViewType.Double, 2, 3)));
    }

    [TestMethod]
    public void Constructor_negative_size_is_refused()
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VectorDataViewType(NumberDataViewType.Single, -1));

    [TestMethod]
    public void Constructor_no_item_type_is_refused()
        => Assert.ThrowsExactly<ArgumentNullException>(() => new VectorDataViewType(null!, 3));

    [TestMethod]
    public void ToString_of_scalar_types_is_what_error_texts_show()
    {
        DataViewType[] types =
        [
            TextDataViewType.Instance, BooleanDataViewType.Instance, RowIdDataViewType.Instance, DateTimeDataViewType.Instance,
            DateTimeOffsetDataViewType.Instance, TimeSpanDataViewType.Instance, NumberDataViewType.Single, NumberDataViewType.SByte,
        ];

        Assert.AreEqual("String Boolean DataViewRowId DateTime DateTimeOffset TimeSpan Single SByte", string.Join(' ', types.Select(t => t.ToString())));
    }
}
