namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LibstdcxxTests
{
    [TestMethod]
    public void LastVersion_is_the_highest_by_number() =>
        Assert.AreEqual(new Version(3, 4, 30), Libstdcxx.LastVersion("\0GLIBCXX_3.4.9\0GLIBCXX_3.4\0GLIBCXX_3.4.30\0GLIBCXX_3.4.4\0CXXABI_1.3.13\0GLIBCXX_DEBUG_MESSAGE_LENGTH\0"u8));

    [TestMethod]
    public void LastVersion_of_other_bytes_is_null()
    {
        Assert.IsNull(Libstdcxx.LastVersion([]));
        Assert.IsNull(Libstdcxx.LastVersion("GLIBC_2.36\0"u8));
        Assert.IsNull(Libstdcxx.LastVersion("GLIBCXX_3.4.x\0GLIBCXX_3.4."u8));
    }

    [TestMethod]
    [DataRow("GLIBCXX_3.4.32", "3.4.32")]
    [DataRow("GLIBC_2.34", null)]
    [DataRow("GLIBCXX_", null)]
    public void VersionOf_reads_the_names_of_this_library_alone(string name, string? version) =>
        Assert.AreEqual(version is null ? null : Version.Parse(version), Libstdcxx.VersionOf(name));
}
