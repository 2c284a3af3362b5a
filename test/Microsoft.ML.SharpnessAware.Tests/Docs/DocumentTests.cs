using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public partial class DocumentTests
{
    [TestMethod]
    public void Snippets_are_regions_of_compiled_samples()
    {
        foreach (var path in Repository.Documents)
        {
            var text = File.ReadAllText(path).ReplaceLineEndings("\n");
            var refreshed = Snippets.Refresh(text);
            if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1" && refreshed != text)
                File.WriteAllText(path, refreshed);
            else
                Assert.AreEqual(refreshed, text, $"{Repository.NameOf(path)} shows code that is not as compiled. UPDATE_GOLDEN=1 rewrites it.");
        }
    }

    [TestMethod]
    public void Snippets_all_say_where_they_come_from()
    {
        string[] unmarked =
        [
            .. from path in Repository.Documents
               from block in Snippets.Unmarked(File.ReadAllText(path).ReplaceLineEndings("\n"))
               select $"{Repository.NameOf(path)}: {block}",
        ];

        Assert.IsEmpty(unmarked, string.Join("\n", unmarked));
    }

    [TestMethod]
    public void Links_lead_to_files_that_exist()
    {
        string[] broken =
        [
            .. from path in Repository.Documents
               from link in LocalLink().Matches(File.ReadAllText(path)).Select(link => link.Groups["target"].Value)
               where !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link))
               select $"{Repository.NameOf(path)} links to {link}",
        ];

        Assert.IsEmpty(broken, string.Join("\n", broken));
    }

    [GeneratedRegex(@"\]\((?!\w+:|#)(?<target>[^)#\s]+)")]
    private static partial Regex LocalLink();
}
