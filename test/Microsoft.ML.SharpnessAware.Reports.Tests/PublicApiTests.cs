using PublicApiGenerator;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class PublicApiTests
{
    [TestMethod]
    public void PublicApi_is_the_golden_one() =>
        Golden.Matches("PublicApi.txt", typeof(HtmlReport).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }));
}
