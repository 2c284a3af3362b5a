using System.CommandLine;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>mlnet-sam predict: classifies images or texts with a saved model.</summary>
static class PredictCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Argument<string[]> inputs = new("inputs") { Arity = ArgumentArity.ZeroOrMore, Description = "Image files or folders of them; or texts, two at a time where the model reads pairs." };
        var top = NumberOption.Count("--top", "How many classes to show, the likeliest first.", standard: 1);
        var options = new ModelOptions(dataRequired: false);

        Command command = new("predict", "Classifies images or texts: a line for each, with class, probability and input, separated by tabs.") { inputs, top };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            using var model = options.Model(parsed, options.ContextIn(parsed));
            foreach (var (input, scores) in Scored(parsed, options, model, console, parsed.GetRequiredValue(inputs)))
            {
                if (cancellation.IsCancellationRequested)
                {
                    console.Error.WriteLine("Cancelled. Some inputs are not classified.");
                    return ExitCode.Cancelled;
                }
                console.Out.WriteLine(Line(input, scores, model.Classifier.Classes.Names, parsed.GetValue(top)!.Value));
            }
            return ExitCode.Done;
        });
        return command;
    }

    static IEnumerable<(string Input, float[] Scores)> Scored(ParseResult parsed, ModelOptions options, SavedModel model, ToolConsole console, string[] inputs)
    {
        if (inputs.Length == 0 && !options.HasData(parsed))
            throw new ArgumentException("There is nothing to classify: give image files or folders, texts, or --dataset with a file of texts.");
        if (model.Texts is not { } columns)
        {
            var files = options.HasData(parsed) ? throw new ArgumentException("--dataset is for texts: give image files or folders without it.") : ImageFiles.Of(inputs);
            return files.Zip(model.Scores(model.Rows(Array.ConvertAll(files, file => new ImageFile(file, "")))));
        }
        var rows = options.HasData(parsed) ? options.Texts(parsed, model, console) : model.Rows(inputs);
        return rows.GetColumn<string>(columns.Sentence1).Zip(model.Scores(rows));
    }

    static string Line(string input, float[] scores, IReadOnlyList<string> classes, int top)
    {
        var best = classes.Zip(scores).OrderByDescending(of => of.Second).Take(top);
        return string.Join('\t', best.Select(of => Invariant($"{of.First}\t{of.Second:0.0000}")).Append(string.Join(' ', input.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
    }
}
