using System.Globalization;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CsvLogTests
{
    const string Header = "Epoch,Loss,PerturbedLoss,TrainAccuracy,ValidationLoss,ValidationAccuracy,ValidationMacroAccuracy,IsBest,LearningRate,GradientNorm,EpsilonNorm,Cosine,Passes,SkippedSteps,ExamplesPerSecond,Elapsed";

    readonly string _folder = Directory.CreateTempSubdirectory("CsvLog").FullName;

    string File => Path.Combine(_folder, "new", "run.csv");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    public void Write_adds_a_line_that_can_be_read_at_once_in_the_invariant_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            using var log = new CsvLog(File).Open();
            log.Begin(0);
            log.Write(EpochNumbers.Of(1));
            Assert.AreEqual($"{Header}\n1,0.1,0.25,0.3333333333333333,0.5,0.75,0.625,1,0.125,1E-20,0.05,-0.5,2,3,1234.5,61.5\n", Text());
            log.Write(EpochNumbers.Of(2, validationLoss: null, loss: double.NaN));
            Assert.EndsWith("\n2,NaN,0.25,0.3333333333333333,,,,1,0.125,1E-20,0.05,-0.5,2,3,1234.5,61.5\n", Text());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [TestMethod]
    [DataRow(0, "")]
    [DataRow(1, "1")]
    [DataRow(2, "1 2")]
    [DataRow(7, "1 2 3")]
    public void Begin_keeps_the_epochs_that_are_done_and_no_line_that_was_cut_off(int done, string kept)
    {
        Write(0, 1, 2, 3);
        System.IO.File.AppendAllText(File, "4,0.1,0.2");

        Write(done, 8);

        CollectionAssert.AreEqual(new[] { "Epoch" }.Concat(kept.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Append("8").ToArray(), Text().TrimEnd('\n').Split('\n').Select(line => line.Split(',')[0]).ToArray());
    }

    [TestMethod]
    public void Open_leaves_a_file_alone_that_is_no_log()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "Name,Price\nTea,3\n");

        var error = Assert.Throws<IOException>(() => new CsvLog(File).Open());

        Assert.AreEqual($"'{File}' is there already, and is no log of this version of Microsoft.ML.SharpnessAware.", error.Message);
        Assert.AreEqual("Name,Price\nTea,3\n", Text());
    }

    [TestMethod]
    public void Open_and_nothing_more_leaves_no_file_and_a_log_as_it_was()
    {
        new CsvLog(File).Open().Dispose();
        Assert.IsFalse(Path.Exists(File));

        Write(0, 1);
        var before = Text();
        new CsvLog(File).Open().Dispose();
        Assert.AreEqual(before, Text());
    }

    [TestMethod]
    public void Name_that_is_none_is_refused() =>
        Assert.StartsWith("Path must be the name of a file, but was  .", Assert.Throws<ArgumentOutOfRangeException>(() => new CsvLog(" ")).Message);

    void Write(int done, params int[] epochs)
    {
        using var log = new CsvLog(File).Open();
        log.Begin(done);
        foreach (var epoch in epochs)
            log.Write(EpochNumbers.Of(epoch));
    }

    string Text()
    {
        using var reader = new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
