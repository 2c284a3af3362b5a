using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetKeyTypeTests
{
    [TestMethod]
    public void ToString_of_a_key_names_integer_and_range()
        => Assert.AreEqual("Key<UInt32, 0-2>", new KeyDataViewType(typeof(uint), 3).ToString());

    [TestMethod]
    public void Equals_needs_the_same_integer_and_the_same_count()
    {
        var key = new KeyDataViewType(typeof(uint), 3);

        Assert.IsTrue(key.Equals(new KeyDataViewType(typeof(uint), 3UL)));
        Assert.AreEqual(key.GetHashCode(), new KeyDataViewType(typeof(uint), 3UL).GetHashCode());
        Assert.IsFalse(key.Equals(new KeyDataViewType(typeof(byte), 3)));
        Assert.IsFalse(key.Equals(new KeyDataViewType(typeof(uint), 4)));
        Assert.IsFalse(key.Equals(NumberDataViewType.UInt32));
    }

    [TestMethod]
    public void Constructor_signed_integer_is_refused()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(int), 3));

        Assert.AreEqual("Type is not valid, it must be Byte, UInt16, UInt32, or UInt64. (Parameter 'type')", error.Message);
    }

    [TestMethod]
    public void Constructor_count_past_the_integer_is_refused()
    {
        Assert.AreEqual(255UL, new KeyDataViewType(typeof(byte), 255).Count);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(byte), 256));

        Assert.AreEqual(
            "The cardinality of a KeyDataViewType must not exceed Byte.MaxValue and must be strictly positive, but got 256. (Parameter 'count')",
            error.Message);
    }

    [TestMethod]
    public void Constructor_count_of_zero_is_refused()
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new KeyDataViewType(typeof(uint), 0));
}
