#:property PublishAot=false
// Gathers what the site is made of: ./build.sh docs. The pages keep their paths. A link to something that is no page of the site, such as
// source code, becomes plain text.
using System.Text.RegularExpressions;

if (args is not [var output])
{
    Console.Error.WriteLine("usage: dotnet run eng/Site.cs FOLDER");
    return 2;
}

string[] pages =
[
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "bench/README.md",
    "src/Microsoft.ML.SharpnessAware/README.md",
    .. Directory.EnumerateFiles("docs", "*.md", SearchOption.AllDirectories).Select(file => file.Replace('\\', '/')),
];
string[] files = ["LICENSE", .. Directory.EnumerateFiles("docs/pictures").Select(file => file.Replace('\\', '/'))];
HashSet<string> known = [.. pages.Concat(files).Select(Path.GetFullPath)];

foreach (var page in pages)
    Write(page == "README.md" ? "index.md" : page, Links.Local().Replace(File.ReadAllText(page), link => InSite(link, page)));
foreach (var file in files)
    Copy(file, file);
Copy("docs/site/docfx.json", "docfx.json");
Copy("docs/site/filter.yml", "filter.yml");
Copy("docs/site/toc.yml", "toc.yml");
Copy("docs/site/guides.yml", "docs/toc.yml");
Copy("docs/site/rules.yml", "docs/rules/toc.yml");
return 0;

string InSite(Match link, string page)
{
    var target = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, link.Groups["target"].Value));
    if (target == Path.GetFullPath("README.md"))
        return link.Value.Replace("README.md", "index.md", StringComparison.Ordinal);
    if (target == Path.GetFullPath("docs/rules"))
        return link.Value.Replace("rules)", "rules/Sam.md)", StringComparison.Ordinal);
    return known.Contains(target) ? link.Value : link.Groups["text"].Value;
}

void Write(string path, string text) => File.WriteAllText(InOutput(path), text);

void Copy(string from, string to) => File.Copy(from, InOutput(to), overwrite: true);

string InOutput(string path)
{
    var target = Path.Combine(output, path);
    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
    return target;
}

static partial class Links
{
    [GeneratedRegex(@"(?<!!)\[(?<text>[^\]]*)\]\((?!\w+:|#)(?<target>[^)#\s]+)(?:#[^)\s]*)?\)")]
    public static partial Regex Local();
}
