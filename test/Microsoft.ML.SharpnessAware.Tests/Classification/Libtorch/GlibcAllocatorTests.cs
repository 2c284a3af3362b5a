namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class GlibcAllocatorTests
{
    [TestMethod]
    public void Wanted_keeps_freed_memory_where_nobody_has_chosen() =>
        Assert.AreEqual("-1 = 2147483647, -2 = 67108864, -3 = 33554432", Wanted());

    [TestMethod]
    public void Wanted_is_nothing_without_glibc() => Assert.AreEqual("", Wanted(isGlibc: false));

    [TestMethod]
    public void Wanted_is_nothing_where_the_application_forbids_it() => Assert.AreEqual("", Wanted(leaveAlone: true));

    [TestMethod]
    [DataRow("MALLOC_TRIM_THRESHOLD_", "131072", "-2 = 67108864, -3 = 33554432")]
    [DataRow("MALLOC_TOP_PAD_", "131072", "-1 = 2147483647, -3 = 33554432")]
    [DataRow("MALLOC_MMAP_THRESHOLD_", "131072", "-1 = 2147483647, -2 = 67108864")]
    [DataRow("GLIBC_TUNABLES", "glibc.malloc.trim_threshold=131072", "-2 = 67108864, -3 = 33554432")]
    [DataRow("GLIBC_TUNABLES", "glibc.malloc.check=1:glibc.malloc.mmap_threshold=131072", "-1 = 2147483647, -2 = 67108864")]
    [DataRow("MALLOC_ARENA_MAX", "2", "-1 = 2147483647, -2 = 67108864, -3 = 33554432")]
    public void Wanted_leaves_out_what_the_environment_sets(string variable, string value, string expected) =>
        Assert.AreEqual(expected, Wanted(environment: name => name == variable ? value : null));

    static string Wanted(bool isGlibc = true, bool leaveAlone = false, Func<string, string?>? environment = null) =>
        string.Join(", ", GlibcAllocator.Wanted(isGlibc, leaveAlone, environment ?? (_ => null)).Select(option => $"{option.Parameter} = {option.Value}"));
}
