using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RulePageTests
{
    static IEnumerable<Type> Rules => typeof(SharpnessRule).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(SharpnessRule)) && !type.IsAbstract);

    [TestMethod]
    public void Pages_are_there_for_every_rule_and_no_other()
    {
        var pages = Directory.EnumerateFiles(Repository.PathOf("docs/rules"), "*.md").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);

        CollectionAssert.AreEqual(Rules.Select(rule => rule.Name).Order(StringComparer.Ordinal).ToArray(), pages.ToArray());
    }

    [TestMethod]
    public void Page_tells_of_every_parameter_and_its_default()
    {
        string[] missing =
        [
            .. from rule in Rules
               let page = File.ReadAllText(Repository.PathOf($"docs/rules/{rule.Name}.md"))
               from parameter in Parameters(rule)
               let row = $"| `{parameter.Name}` | {Default(parameter)} |"
               where !page.Contains(row, StringComparison.Ordinal)
               select $"docs/rules/{rule.Name}.md has no row that begins with {row}",
        ];

        Assert.IsEmpty(missing, string.Join("\n", missing));
    }

    [TestMethod]
    [DataRow("## When to use it")]
    [DataRow("## Cost")]
    [DataRow("## Parameters")]
    [DataRow("## Do and don't")]
    [DataRow("## Source")]
    public void Page_has_the_part(string part)
    {
        foreach (var rule in Rules)
            StringAssert.Contains(File.ReadAllText(Repository.PathOf($"docs/rules/{rule.Name}.md")), $"\n{part}\n", $"docs/rules/{rule.Name}.md");
    }

    [TestMethod]
    public void Page_opens_with_a_line_that_uses_the_rule_and_shows_code_to_copy_and_to_avoid()
    {
        string[] wrong =
        [
            .. from rule in Rules.Select(rule => rule.Name)
               let page = File.ReadAllText(Repository.PathOf($"docs/rules/{rule}.md")).ReplaceLineEndings("\n")
               let advice = page[page.IndexOf("\n## Do and don't\n", StringComparison.Ordinal)..]
               where !(page.StartsWith($"# {rule}\n\n<!-- snippet: samples/Docs/RuleUsage.cs#{rule} -->\n", StringComparison.Ordinal)
                   && page[..page.IndexOf("\n```\n", StringComparison.Ordinal)].Contains($"new {rule}(", StringComparison.Ordinal)
                   && advice.Contains("// Do: ", StringComparison.Ordinal) && advice.Contains("// Don't", StringComparison.Ordinal))
               select $"docs/rules/{rule}.md",
        ];

        Assert.IsEmpty(wrong, string.Join("\n", wrong));
    }

    static ParameterInfo[] Parameters(Type rule) => rule.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters();

    static string Default(ParameterInfo parameter) => parameter.RawDefaultValue switch
    {
        null => "null",
        bool value => value ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
