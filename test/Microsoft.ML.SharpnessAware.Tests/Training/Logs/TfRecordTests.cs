using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TfRecordTests
{
    /// <summary>RFC 3720, appendix B.4, and the check value of the CRC catalogues.</summary>
    [TestMethod]
    public void Crc32C_has_the_published_values()
    {
        byte[] Bytes(Func<int, int> value) => [.. Enumerable.Range(0, 32).Select(i => (byte)value(i))];

        Assert.AreEqual(0xE3069283u, TfRecord.Crc32C(Encoding.ASCII.GetBytes("123456789")));
        Assert.AreEqual(0x8A9136AAu, TfRecord.Crc32C(Bytes(_ => 0)));
        Assert.AreEqual(0x62A8AB43u, TfRecord.Crc32C(Bytes(_ => 0xFF)));
        Assert.AreEqual(0x46DD794Eu, TfRecord.Crc32C(Bytes(i => i)));
        Assert.AreEqual(0x113FDB5Cu, TfRecord.Crc32C(Bytes(i => 31 - i)));
    }

    [TestMethod]
    public void Of_frames_bytes_with_their_length_and_masked_checksums()
    {
        var record = TfRecord.Of(Encoding.ASCII.GetBytes("123456789"));

        Assert.HasCount(8 + 4 + 9 + 4, record);
        CollectionAssert.AreEqual(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0 }, record[..8]);
        // 0xE3069283 turned right by 15 bits is 0x2507C60D; with 0xA282EAD8 added that is 0xC78AB0E5.
        Assert.AreEqual(0xC78AB0E5u, BitConverter.ToUInt32(record, 21));
        CollectionAssert.AreEqual(Encoding.ASCII.GetBytes("123456789"), EventReader.Records(record).Single());
    }
}
