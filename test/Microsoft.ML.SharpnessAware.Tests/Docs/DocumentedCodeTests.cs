using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What samples/Docs shows on the pages: every option is one that a trainer takes.</summary>
[TestClass]
public class DocumentedCodeTests
{
    static readonly MLContext Ml = new(seed: 1);

    static string[] RuleNames => [.. typeof(SharpnessRule).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(SharpnessRule)) && !type.IsAbstract).Select(type => type.Name).Order(StringComparer.Ordinal)];

    [TestMethod]
    public void Every_rule_has_a_usage_that_makes_a_trainer()
    {
        CollectionAssert.AreEqual(RuleNames, Docs.RuleUsage.All.Keys.Order(StringComparer.Ordinal).ToArray());
        foreach (var (rule, trainer) in Docs.RuleUsage.All)
            Assert.IsNotNull(trainer(Ml), rule);
    }

    [TestMethod]
    public void Every_rule_has_advice_whose_options_a_trainer_takes()
    {
        CollectionAssert.AreEqual(RuleNames, Docs.RuleAdvice.All.Keys.Order(StringComparer.Ordinal).ToArray());
        foreach (var (rule, advise) in Docs.RuleAdvice.All)
        {
            var options = new SamImageTrainer.Options();
            advise(options, []);
            Assert.IsNotNull(Ml.MulticlassClassification.Trainers.SamImage(options), rule);
        }
    }

    [TestMethod]
    public void Options_of_the_pages_are_taken_by_a_trainer()
    {
        var methods = typeof(Docs.TrainingOptions).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.Name != nameof(Docs.TrainingOptions.FindLearningRate)).ToArray();
        Assert.IsGreaterThan(10, methods.Length);

        foreach (var method in methods)
            foreach (var options in OptionsOf(method))
                Assert.IsNotNull(options is SamTextTrainer.Options texts ? Ml.MulticlassClassification.Trainers.SamText(texts) : (object)Ml.MulticlassClassification.Trainers.SamImage((SamImageTrainer.Options)options), method.Name);
    }

    static IEnumerable<SamTrainerOptions> OptionsOf(MethodInfo method)
    {
        var made = method.Invoke(null, [.. method.GetParameters().Select(Argument)])!;
        return made is System.Runtime.CompilerServices.ITuple pair ? Enumerable.Range(0, pair.Length).Select(i => (SamTrainerOptions)pair[i]!) : [(SamTrainerOptions)made];
    }

    static object Argument(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(string) ? "run" :
        parameter.ParameterType == typeof(CancellationToken) ? CancellationToken.None :
        Pictures.KeyedRows(Ml);
}
