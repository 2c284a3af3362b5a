using System.Text;

namespace MlnetSam.Tests;

[TestClass]
public sealed class TextCommandTests
{
    static readonly string[] _small = ["--network", "BagOfEmbeddings", "--batch-size", "8", "--epochs", "3", "--name", "Topics"];

    readonly TempFolder _folder = new();

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public void Text_trains_and_writes_a_model_that_classifies_texts_of_the_command_line_and_of_a_file()
    {
        var file = _folder.Texts("texts.tsv", each: 30);
        CommandRun.Of(["text", "--dataset", file, "--label-col", "Topic", "--text-col", "Text", "--output", _folder.Path, "--network", "BagOfEmbeddings", "--batch-size", "8", "--epochs", "20", "--name", "Topics"]).EndsWith(ExitCode.Done);
        var model = _folder["Topics", "Topics.mlnet"];

        Assert.StartsWith("food\t", CommandRun.Of("predict", "--model", model, "bread and soup").EndsWith(ExitCode.Done).Out);
        Assert.HasCount(60, CommandRun.Of("predict", "--model", model, "--dataset", file).EndsWith(ExitCode.Done).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("MicroAccuracy: 1.0000", CommandRun.Of("evaluate", "--model", model, "--dataset", file).EndsWith(ExitCode.Done).Out);
        var code = File.ReadAllText(_folder["Topics", "Topics.training.cs"]);
        Assert.Contains("LoadFromTextFile<ModelInput>(file, new TextLoader.Options { Separators = ['\\t'], HasHeader = true });", code);
        Assert.Contains("Sentence1ColumnName = \"Text\",", code);
    }

    [TestMethod]
    public void Pairs_of_texts_have_two_columns()
    {
        var file = _folder.Write("pairs.csv", string.Join('\n', ["same,one,two", .. Enumerable.Range(0, 20).SelectMany(i => new[] { "yes,sun,sun", "no,sun,soup" })]));

        CommandRun.Of(["text", "--dataset", file, "--label-col", "same", "--text-col", "one", "--text-col2", "two", "--output", _folder.Path, .. _small]).EndsWith(ExitCode.Done);

        Assert.HasCount(1, CommandRun.Of("predict", "--model", _folder["Topics", "Topics.mlnet"], "sun", "soup").EndsWith(ExitCode.Done).Out.Trim().Split('\n'));
        Assert.AreEqual("The model reads pairs of texts: give an even number of them.", CommandRun.Of("predict", "--model", _folder["Topics", "Topics.mlnet"], "sun").EndsWith(ExitCode.Failed).Error.Trim());
    }

    [TestMethod]
    public void Columns_of_one_name_are_told_apart_by_their_numbers()
    {
        var file = _folder.Write("pairs.csv", string.Join('\n', ["text,text,same", .. Enumerable.Range(0, 20).SelectMany(i => new[] { "sun,sun,yes", "sun,soup,no" })]));
        string[] columns = ["--label-col", "same", "--text-col", "0", "--text-col2", "1"];

        CommandRun.Of(["text", "--dataset", file, "--test", file, .. columns, "--output", _folder.Path, "--network", "BagOfEmbeddings", "--batch-size", "8", "--epochs", "20", "--name", "Topics"]).EndsWith(ExitCode.Done);

        Assert.Contains("Sentence2ColumnName = \"text2\",", File.ReadAllText(_folder["Topics", "Topics.training.cs"]));
        Assert.Contains("MicroAccuracy: 1.0000", CommandRun.Of(["evaluate", "--model", _folder["Topics", "Topics.mlnet"], "--dataset", file, .. columns]).EndsWith(ExitCode.Done).Out);
    }

    [TestMethod]
    [DataRow("Score")]
    [DataRow("PredictedLabel")]
    public void Label_column_called_like_one_that_the_model_adds_is_learned_from(string name)
    {
        var file = _folder.Texts("texts.tsv", each: 20, head: $"{name}\tText");

        CommandRun.Of(["text", "--dataset", file, "--label-col", name, "--text-col", "Text", "--output", _folder.Path, .. _small]).EndsWith(ExitCode.Done);

        Assert.Contains("MicroAccuracy: ", CommandRun.Of("evaluate", "--model", _folder["Topics", "Topics.mlnet"], "--dataset", file, "--label-col", name).EndsWith(ExitCode.Done).Out);
    }

    [TestMethod]
    public void Code_compiles_where_data_and_columns_are_called_like_types()
    {
        var file = _folder.Texts("task.tsv", each: 10, head: "Topic\tmodel input");

        CommandRun.Of("text", "--dataset", file, "--label-col", "Topic", "--text-col", "model input", "--output", _folder.Path, "--network", "BagOfEmbeddings", "--epochs", "1", "--report", "none").EndsWith(ExitCode.Done);

        Assert.Contains("public string ModelInput2 { get; set; } = \"\";", File.ReadAllText(_folder["Task", "Task.consumption.cs"]));
        Assert.Contains("using Task = TaskModel.Task;", File.ReadAllText(_folder["Task", "Task.Console", "Program.cs"]));
        Assert.Contains("using Task = TaskModel.Task;", File.ReadAllText(_folder["Task", "Task.WebApi", "Program.cs"]));
    }

    [TestMethod]
    public void Evaluate_says_how_many_rows_have_labels_that_the_model_does_not_know()
    {
        var model = Train(_folder.Texts("texts.tsv", each: 20));
        var (some, all) = (_folder.Write("some.tsv", "Topic\tText\nsky\tsun\nsea\tfish\n\tsalt\n"), _folder.Write("all.tsv", "Topic\tText\nsea\tfish\n"));

        Assert.Contains("Left out: 2 of 3 rows, whose labels the model does not know: 'sea', ''.", CommandRun.Of("evaluate", "--model", model, "--dataset", some).EndsWith(ExitCode.Done).Out);
        var refused = CommandRun.Of("evaluate", "--model", model, "--dataset", all).EndsWith(ExitCode.Failed).Error.Trim();
        Assert.StartsWith("There is nothing to test on: of 1 rows, none has a label that the model knows. It knows '", refused);
        Assert.EndsWith("The labels are 'sea'.", refused);
    }

    [TestMethod]
    public void Lines_that_are_left_out_are_counted_on_the_console()
    {
        var file = _folder.Write("texts.tsv", File.ReadAllText(_folder.Texts("all.tsv", each: 20)) + "//sky\tsun\n");

        var trained = CommandRun.Of(["text", "--dataset", file, "--label-col", "Topic", "--text-col", "Text", "--output", _folder.Path, .. _small]).EndsWith(ExitCode.Done);
        var predicted = CommandRun.Of("predict", "--model", _folder["Topics", "Topics.mlnet"], "--dataset", file).EndsWith(ExitCode.Done);

        foreach (var run in new[] { trained, predicted })
            Assert.StartsWith($"'{file}': lines that begin with // are left out, 1 of them, because ML.NET takes them for comments.", run.Error);
        Assert.HasCount(40, predicted.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [TestMethod]
    public void Ctrl_C_ends_what_is_done_with_a_model()
    {
        var file = _folder.Texts("texts.tsv", each: 20);
        var model = Train(file);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        CommandRun.Cancelled(cancelled.Token, "evaluate", "--model", model, "--dataset", file).EndsWith(ExitCode.Cancelled);
        CommandRun.Cancelled(cancelled.Token, "export", "--model", model).EndsWith(ExitCode.Cancelled);
        Assert.IsFalse(File.Exists(_folder["Topics", "Topics.onnx"]));
        Assert.AreEqual("Cancelled. Some inputs are not classified.", CommandRun.Cancelled(cancelled.Token, "predict", "--model", model, "sun").EndsWith(ExitCode.Cancelled).Error.Trim());
    }

    [TestMethod]
    public void Ctrl_C_while_the_report_is_written_leaves_out_the_report_alone()
    {
        var run = CommandRun.CancelledAt("Writing the report", ["text", "--dataset", _folder.Texts("texts.tsv", each: 20), "--label-col", "Topic", "--text-col", "Text", "--output", _folder.Path, .. _small]).EndsWith(ExitCode.Done);

        Assert.Contains("Stopped. The report was not written.", run.Out);
        Assert.Contains("texts that it was not trained on", run.Out);
        Assert.DoesNotContain("a report, for a browser", run.Out);
        Assert.IsTrue(File.Exists(_folder["Topics", "Topics.mlnet"]));
        Assert.IsFalse(File.Exists(_folder["Topics", "report.html"]));
    }

    [TestMethod]
    [DataRow("--label-col Topik --text-col Text", "--label-col: '{0}' has no column 'Topik'. Did you mean 'Topic'? Its columns are 'Topic', 'Text'.")]
    [DataRow("--label-col Topic --text-col Body", "--text-col: '{0}' has no column 'Body'. Its columns are 'Topic', 'Text'.")]
    [DataRow("--label-col 7 --text-col Text", "--label-col: '{0}' has no column '7'. Its columns are 'Topic', 'Text'.")]
    [DataRow("--label-col Text --text-col Text", "--label-col, --text-col and --text-col2 must be different columns.")]
    [DataRow("--label-col Text --text-col Topic", "'{0}' has 8 rows with a label, each of another class: there is nothing to learn. Is it the label column?")]
    public void Columns_that_are_not_there_are_named_with_those_that_are(string columns, string message)
    {
        var file = _folder.Texts("texts.tsv", each: 4);

        var run = CommandRun.Of(["text", "--dataset", file, "--output", _folder.Path, .. columns.Split(' '), .. _small]).EndsWith(ExitCode.Failed);

        Assert.AreEqual(string.Format(message, file), run.Error.Trim());
    }

    [TestMethod]
    [DataRow("", "'{0}' is empty: it must have a line with the names of its columns, and a line for each text.")]
    [DataRow("Topic\tText\n", "'{0}' has no rows with a label.")]
    [DataRow("Topic\tText\nsky\tsun\nsky\train\n", "'{0}' has a single class, 'sky': a classifier needs two or more.")]
    [DataRow("Topic\tText\nsky\tsun\nsky\train\nfood\tsoup\n", "'{0}' has too few rows of each class to hold some out to test on: give 3 or more of a class, or others with --test.")]
    public void Files_that_cannot_be_learned_from_are_refused(string text, string message)
    {
        var file = _folder.Write("texts.tsv", text);

        var run = CommandRun.Of(["text", "--dataset", file, "--output", _folder.Path, "--label-col", "Topic", "--text-col", "Text", .. _small]).EndsWith(ExitCode.Failed);

        Assert.AreEqual(string.Format(message, file), run.Error.Trim());
    }

    [TestMethod]
    [DataRow("utf-8", true)]
    [DataRow("utf-16", true)]
    [DataRow("utf-16BE", true)]
    public void Files_with_a_byte_order_mark_are_read(string encoding, bool hasMark)
    {
        var file = _folder["texts.tsv"];
        var text = File.ReadAllText(_folder.Texts("utf8.tsv", each: 10)).Replace("sky", "Dämmerung", StringComparison.Ordinal);
        File.WriteAllBytes(file, [.. Encoding.GetEncoding(encoding).GetPreamble(), .. Encoding.GetEncoding(encoding).GetBytes(text)]);

        var run = CommandRun.Of(["text", "--dataset", file, "--output", _folder.Path, "--label-col", "Topic", "--text-col", "Text", .. _small]).EndsWith(ExitCode.Done);

        Assert.AreEqual(hasMark, Encoding.GetEncoding(encoding).GetPreamble().Length > 0);
        Assert.Contains("of 2 classes: 'Dämmerung' 8 + 2, 'food' 8 + 2.", run.Out);
    }

    [TestMethod]
    public void Utf_16_without_a_mark_is_refused()
    {
        var file = _folder["texts.tsv"];
        File.WriteAllBytes(file, Encoding.Unicode.GetBytes("Topic\tText\nsky\tsun\n"));

        var run = CommandRun.Of(["text", "--dataset", file, "--output", _folder.Path, "--label-col", "Topic", "--text-col", "Text", .. _small]).EndsWith(ExitCode.Failed);

        Assert.AreEqual($"'{file}' has bytes of 0 in it and no byte order mark: it is UTF-16 without the mark, or no text. Save it as UTF-8, or as UTF-16 with a byte order mark.", run.Error.Trim());
    }

    [TestMethod]
    public void Confusion_matrix_of_many_classes_is_left_to_the_file()
    {
        var file = _folder.Write("texts.tsv", string.Join('\n', ["Topic\tText", .. Enumerable.Range(0, 55).Select(i => $"topic{i % 11}\tword{i % 11} and {i}")]));

        var run = CommandRun.Of(["text", "--dataset", file, "--output", _folder.Path, "--label-col", "Topic", "--text-col", "Text", .. _small]).EndsWith(ExitCode.Done);

        Assert.Contains("The confusion matrix of the 11 classes is in Topics.run.json.", run.Out);
        Assert.DoesNotContain("Confusion table", run.Out);
    }

    [TestMethod]
    public void Unknown_network_is_answered_with_the_nearest()
    {
        var run = CommandRun.Of("text", "--dataset", "texts.tsv", "--label-col", "Topic", "--text-col", "Text", "--network", "TextCmm").EndsWith(ExitCode.WrongCommandLine);

        Assert.AreEqual("There is no network 'TextCmm'. Did you mean 'TextCnn'? There are: BagOfEmbeddings, BertEncoder, TextCnn, TextTransformer.", run.Error.Trim());
    }

    [TestMethod]
    public void Test_data_of_other_classes_are_refused()
    {
        var (file, test) = (_folder.Texts("texts.tsv", each: 4), _folder.Write("test.tsv", "Topic\tText\nsea\tfish\n"));

        var run = CommandRun.Of(["text", "--dataset", file, "--test", test, "--output", _folder.Path, "--label-col", "Topic", "--text-col", "Text", .. _small]).EndsWith(ExitCode.Failed);

        Assert.AreEqual($"'{test}' has classes that '{file}' has not: 'sea'.", run.Error.Trim());
    }

    /// <summary>Trains on the texts of a file, and gives the model.</summary>
    string Train(string file)
    {
        CommandRun.Of(["text", "--dataset", file, "--label-col", "Topic", "--text-col", "Text", "--output", _folder.Path, "--report", "none", .. _small]).EndsWith(ExitCode.Done);
        return _folder["Topics", "Topics.mlnet"];
    }
}
