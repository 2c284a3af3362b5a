namespace MlnetSam;

/// <summary>The folder of a model: the model, code that uses it and trains it again, what is known of the run, and two projects.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">The model's name.</param>
sealed record ModelFolder(string Path, string Name)
{
    const string Report = "report.html";

    /// <summary>Sees to it that the folder can be made, before time is spent on training.</summary>
    /// <param name="output">The folder in which it is made.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="force">Whether files in it may be replaced.</param>
    /// <exception cref="ArgumentException">The name is not one of a class.</exception>
    /// <exception cref="IOException">It cannot be made or written to, or has files in it.</exception>
    public static ModelFolder Prepare(string output, string name, bool force)
    {
        ModelName.Require(name);
        var path = output == "." ? name : System.IO.Path.Combine(output, name);
        if (!force && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new IOException($"The folder '{path}' is not empty. Give another --name or --output, or --force to replace the files in it.");
        try
        {
            var isNew = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            var probe = System.IO.Path.Combine(path, System.IO.Path.GetRandomFileName());
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            if (isNew)
                Directory.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The folder '{path}' cannot be written to: {fault.Message} Give another --output.");
        }
        return new ModelFolder(path, name);
    }

    /// <summary>Writes all files, each of which appears when it is complete.</summary>
    public void Write(ModelRun run)
    {
        Directory.CreateDirectory(Path);
        WholeFile.WriteBytes(PathOf($"{Name}.mlnet"), file => new MLContext().Model.Save(run.Model, run.Task.InputSchema(run.Data), file));
        WriteText($"{Name}.run.json", RunJson.Of(run));
        var code = ModelCode.Of(run, Name);
        foreach (var (file, text) in code.Files())
            WriteText(file, text);
        // One that lies here from an earlier run is of another model.
        File.Delete(PathOf(Report));
    }

    /// <summary>Writes the report on a run. Who has stopped the training has asked for what there is: the report is written all the same, and ends with the next request.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; all other files are there.</exception>
    public void Write(HtmlReportOptions report, ModelRun run, RunLog log, CancellationToken cancellation)
    {
        report.Title = Name;
        report.Epochs = run.Epochs;
        report.TrainerOptions = run.Options;
        report.TrainingTime = run.TrainingTime;
        report.Seed = run.Settings.Seed;
        report.CancellationToken = cancellation.IsCancellationRequested ? CancellationToken.None : cancellation;
        log.Say("Writing the report");
        HtmlReport.Write(PathOf(Report), new MLContext(run.Settings.Seed), run.Model, run.Data.Train, run.Data.Test, report);
    }

    /// <summary>What to do with the folder next.</summary>
    public string Guide(ModelRun run)
    {
        var code = ModelCode.Of(run, Name);
        return $"""

            Written to {Path}:
              {Name}.mlnet           the model
              {Name}.consumption.cs  code that predicts with it
              {Name}.training.cs     code that trains it again
              {Name}.run.json        the run in numbers
            {(File.Exists(PathOf(Report)) ? $"  {Report.PadRight(Name.Length + 17)}a report, for a browser\n" : "")}
            To predict:   dotnet run --project {PathOf(code.ConsoleProject)}
            To serve it:  dotnet run --project {PathOf(code.WebProject)} --urls http://localhost:5000
            To ask then:  {code.Request}
            """;
    }

    string PathOf(string file) => System.IO.Path.Combine(Path, file);

    void WriteText(string file, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(file))!);
        WholeFile.Write(PathOf(file), writer => writer.Write(text.ReplaceLineEndings("\n")));
    }
}
