using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PublicApiTests
{
    static readonly Assembly _library = typeof(SharpnessRule).Assembly;

    [TestMethod]
    public void PublicApi_is_the_golden_one() => Golden.Matches("PublicApi.txt", PublicApi.Describe(_library));

    [TestMethod]
    public void PublicApi_mentions_no_internal_type_of_MlNet()
    {
        string[] leaks =
        [
            .. from type in _library.GetExportedTypes()
               from mention in PublicApi.Mentions(type)
               where !PublicApi.IsPublic(mention.Type)
               select $"{mention.Member} mentions {mention.Type}",
        ];

        CollectionAssert.AreEqual(Array.Empty<string>(), leaks, string.Join("\n", leaks));
    }

    [TestMethod]
    public void Mentions_sees_through_generics_arrays_and_references()
    {
        Type[] seen = [.. PublicApi.Mentions(typeof(Sample)).Select(mention => mention.Type)];

        CollectionAssert.IsSubsetOf(new[] { typeof(Hidden) }, seen);
        Assert.IsFalse(PublicApi.IsPublic(typeof(Hidden)));
        Assert.AreEqual(4, seen.Count(type => type == typeof(Hidden)));
    }

    sealed class Hidden;

    abstract class Sample
    {
        protected Hidden? field = null;
        protected abstract List<Hidden[]> Method(ref Hidden value);
        protected abstract Hidden this[int i] { get; }
        private protected abstract Hidden NotSeen();
    }
}
