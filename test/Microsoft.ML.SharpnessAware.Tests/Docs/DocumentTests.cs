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

    [TestMethod]
    public void Links_to_headings_lead_to_headings_that_exist()
    {
        string[] broken =
        [
            .. from path in Repository.Documents
               from link in HeadingLink().Matches(File.ReadAllText(path))
               let target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, link.Groups["target"].Value is { Length: > 0 } file ? file : path))
               where !Headings.Of(File.ReadAllText(target)).Contains(link.Groups["heading"].Value)
               select $"{Repository.NameOf(path)} links to {link.Groups["target"]}#{link.Groups["heading"]}",
        ];

        Assert.IsEmpty(broken, string.Join("\n", broken));
    }

    [TestMethod]
    public void Headings_have_the_anchors_that_GitHub_gives_them() =>
        CollectionAssert.AreEqual(
            new[] { "what-is-set-for-the-whole-process", "2-the-first-run", "when-ρ-is-0-or-more", "twice", "twice-1" },
            Headings.Of("# What is set, for the whole process\n## 2. The first run\n### When ρ is `0` or more\n```\n# no heading\n```\n## Twice\n## Twice\n").ToArray());

    [TestMethod]
    public void Pictures_are_there_small_shown_somewhere_and_described_by_an_alternative_text_and_a_caption()
    {
        var shown = Repository.Documents.SelectMany(path => Picture().Matches(File.ReadAllText(path).ReplaceLineEndings("\n")).Select(picture => (Document: path, Match: picture))).ToArray();
        var files = Directory.GetFiles(Repository.PathOf("docs/pictures"));
        Assert.IsGreaterThan(5, files.Length);

        string[] faults =
        [
            .. from file in files
               where shown.All(picture => FileOf(picture.Document, picture.Match) != file) || new FileInfo(file).Length > 250_000
               select $"{Repository.NameOf(file)} is shown nowhere, or is larger than 250 kB",
            .. from picture in shown
               where picture.Match.Groups["alternative"].Length < 40 || picture.Match.Groups["caption"].Length < 40
               select $"{Repository.NameOf(picture.Document)} shows {picture.Match.Groups["target"]} without an alternative text, or without a caption in italics below",
        ];

        Assert.IsEmpty(faults, string.Join("\n", faults));
    }

    [TestMethod]
    [DataRow("docs", "docs/site/guides.yml")]
    [DataRow("docs/rules", "docs/site/rules.yml")]
    public void Site_lists_every_page(string folder, string contents)
    {
        var listed = File.ReadAllText(Repository.PathOf(contents)).ReplaceLineEndings("\n");
        string[] missing =
        [
            .. from path in Directory.EnumerateFiles(Repository.PathOf(folder), "*.md", SearchOption.AllDirectories)
               let page = Path.GetRelativePath(Repository.PathOf(folder), path).Replace('\\', '/')
               where !page.StartsWith("rules/", StringComparison.Ordinal) && !listed.Contains($"href: {page}\n", StringComparison.Ordinal)
               select page,
        ];

        Assert.IsEmpty(missing, $"{contents} does not list\n{string.Join("\n", missing)}");
    }

    static string FileOf(string document, Match picture) => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(document)!, picture.Groups["target"].Value));

    [GeneratedRegex(@"!\[(?<alternative>[^\]]*)\]\((?<target>[^)#\s]+)\)(?:\n\n\*(?<caption>[^\n]+)\*\n)?")]
    private static partial Regex Picture();

    [GeneratedRegex(@"\]\((?!\w+:)(?<target>[^)#\s]*\.md)?#(?<heading>[^)\s]+)\)")]
    private static partial Regex HeadingLink();

    [GeneratedRegex(@"\]\((?!\w+:|#)(?<target>[^)#\s]+)")]
    private static partial Regex LocalLink();
}
