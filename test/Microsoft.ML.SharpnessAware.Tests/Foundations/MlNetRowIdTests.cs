using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetRowIdTests
{
    private static readonly DataViewRowId _id = new(5, 7);

    [TestMethod]
    public void ToString_is_hexadecimal_high_part_first()
        => Assert.AreEqual("00000000000000070000000000000005", _id.ToString());

    [TestMethod]
    public void Mixing_gives_the_ids_of_MlNet()
    {
        Assert.AreEqual("000000173e99df3134e09d0a71021974", _id.Fork().ToString());
        Assert.AreEqual("000000173e99df31000000011adce74c", _id.Next().ToString());
        Assert.AreEqual("e89cedd2909610a39943ba00d72d3096", _id.Combine(new(1, 2)).ToString());
        Assert.AreEqual(901, _id.GetHashCode());
    }

    [TestMethod]
    public void CompareTo_looks_at_the_high_part_first()
    {
        Assert.IsTrue(_id.CompareTo(new(6, 6)) > 0);
        Assert.IsTrue(_id.CompareTo(new(6, 7)) < 0);
        Assert.AreEqual(_id, new(5, 7));
    }
}
