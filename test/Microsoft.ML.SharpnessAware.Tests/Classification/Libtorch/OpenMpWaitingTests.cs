namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class OpenMpWaitingTests
{
    [TestMethod]
    public void IsWanted_where_nobody_has_chosen() => Assert.IsTrue(OpenMpWaiting.IsWanted(leaveAlone: false, _ => null));

    [TestMethod]
    public void IsWanted_is_false_where_the_application_forbids_it() => Assert.IsFalse(OpenMpWaiting.IsWanted(leaveAlone: true, _ => null));

    [TestMethod]
    [DataRow("OMP_WAIT_POLICY")]
    [DataRow("GOMP_SPINCOUNT")]
    public void IsWanted_is_false_where_the_environment_says_how(string variable) => Assert.IsFalse(OpenMpWaiting.IsWanted(leaveAlone: false, name => name == variable ? "1" : null));
}
