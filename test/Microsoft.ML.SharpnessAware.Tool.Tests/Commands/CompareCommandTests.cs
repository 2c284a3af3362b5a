using System.Text.RegularExpressions;

namespace MlnetSam.Tests;

[TestClass]
public sealed class CompareCommandTests
{
    readonly TempFolder _folder = new();

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public void Compare_shows_mean_and_deviation_and_makes_no_run_twice()
    {
        string[] arguments = ["compare", "--dataset", _folder.Texts("texts.tsv", each: 20), "--label-col", "Topic", "--text-col", "Text", "--network", "BagOfEmbeddings", "--epochs", "2", "--output", _folder["c.jsonl"]];

        var first = CommandRun.Of([.. arguments, "--variants", "plain,sam", "--seeds", "2"]).EndsWith(ExitCode.Done);
        var lines = File.ReadAllLines(_folder["c.jsonl"]);
        File.WriteAllText(_folder["c.jsonl"], string.Join('\n', lines[..2]) + "\n" + lines[2][..40]); // as a run leaves it that was killed
        var second = CommandRun.Of([.. arguments, "--variants", "plain,sam", "--seeds", "2"]).EndsWith(ExitCode.Done);

        Assert.HasCount(4, lines);
        Assert.Contains("variant  rho  seeds  accuracy", first.Out);
        Assert.Contains("4 of 4: Sam, seed 2: accuracy ", first.Out);
        CollectionAssert.AreEqual(lines[..2], File.ReadAllLines(_folder["c.jsonl"])[..2]);
        Assert.HasCount(5, File.ReadAllLines(_folder["c.jsonl"]), "the line that was cut off, and the two runs that were missing");
        Assert.Contains("Plain         2      ", second.Out);
    }

    [TestMethod]
    public void Equal_time_times_an_epoch_of_each_method_first()
    {
        var run = CommandRun.Of("compare", "--dataset", _folder.Texts("texts.tsv", each: 20), "--label-col", "Topic", "--text-col", "Text", "--network", "BagOfEmbeddings", "--variants", "plain,sam", "--seeds", "1", "--minutes", "0.01", "--output", _folder["c.jsonl"]).EndsWith(ExitCode.Done);

        Assert.HasCount(2, File.ReadAllLines(_folder["c.jsonl"]).Where(line => Regex.IsMatch(line, "\"Epoch\":2\\b")), "two epochs of each method were timed");
        CollectionAssert.AreEqual(new[] { "1 of 2", "2 of 2" }, Regex.Matches(run.Out, @"\d+ of \d+(?=: )").Select(match => match.Value).ToArray());
        Assert.Contains("With one seed nothing can be said", run.Out);
    }

    [TestMethod]
    public void Results_of_other_data_are_refused()
    {
        string[] Arguments(string file, string network) => ["compare", "--dataset", file, "--label-col", "Topic", "--text-col", "Text", "--network", network, "--variants", "plain", "--seeds", "1", "--epochs", "1", "--output", _folder["c.jsonl"]];
        var file = _folder.Texts("texts.tsv", each: 10);
        CommandRun.Of(Arguments(file, "BagOfEmbeddings")).EndsWith(ExitCode.Done);

        Assert.StartsWith($"'{_folder["c.jsonl"]}' holds results of another comparison, of ", CommandRun.Of(Arguments(file, "TextCnn")).EndsWith(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Results_on_other_test_data_are_refused()
    {
        var file = _folder.Texts("texts.tsv", each: 10);
        string[] Arguments(string test) => ["compare", "--dataset", file, "--test", test, "--label-col", "Topic", "--text-col", "Text", "--network", "BagOfEmbeddings", "--variants", "plain", "--seeds", "1", "--epochs", "1", "--output", _folder["c.jsonl"]];
        CommandRun.Of(Arguments(_folder.Texts("test.tsv", each: 5))).EndsWith(ExitCode.Done);

        Assert.StartsWith($"'{_folder["c.jsonl"]}' holds results of another comparison, of ", CommandRun.Of(Arguments(_folder.Texts("other.tsv", each: 5))).EndsWith(ExitCode.Failed).Error);
    }

    [TestMethod]
    public void Method_and_radius_that_are_given_twice_are_run_once()
    {
        var run = CommandRun.Of("compare", "--dataset", _folder.Texts("texts.tsv", each: 10), "--label-col", "Topic", "--text-col", "Text", "--network", "BagOfEmbeddings", "--variants", "sam,Sam", "--rho", "0.1,0.10", "--seeds", "1", "--epochs", "1", "--output", _folder["c.jsonl"]).EndsWith(ExitCode.Done);

        Assert.Contains("1 of 1: Sam, ρ 0.1, seed 1: ", run.Out);
        Assert.HasCount(1, File.ReadAllLines(_folder["c.jsonl"]));
    }

    [TestMethod]
    public void Ctrl_C_says_how_to_go_on()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        var run = CommandRun.Cancelled(cancelled.Token, "compare", "--dataset", _folder.Pictures("pets", each: 10), "--variants", "plain", "--output", _folder["c.jsonl"]).EndsWith(ExitCode.Cancelled);

        Assert.Contains($"Stopped. The results so far are in {_folder["c.jsonl"]}; the same command goes on from there.", run.Out);
    }

    [TestMethod]
    [DataRow("--variants plain,sma", "There is no variant 'sma'. Did you mean 'Sam' or 'SamPa'? There are: ")]
    [DataRow("--rho 0.1,x", "--rho must be numbers of 0 or more, separated by commas, but one was 'x'.")]
    [DataRow("--epochs 1 --minutes 1", "--epochs compares with equal steps, --minutes in equal time: give one of them.")]
    [DataRow("--weights resnet.onnx", "--weights are those of a network: give --network, too.")]
    public void Wrong_command_line_is_said_in_words(string options, string message) =>
        Assert.StartsWith(message, CommandRun.Of(["compare", "--dataset", "pets", .. options.Split(' ')]).EndsWith(ExitCode.WrongCommandLine).Error);

    [TestMethod]
    public void Column_that_has_to_be_named_is_asked_for() =>
        Assert.AreEqual("--label-col is missing: which column is it? There are 'Topic', 'Text'.", CommandRun.Of("compare", "--dataset", _folder.Texts("texts.tsv", each: 2)).EndsWith(ExitCode.Failed).Error.Trim());
}
