using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam text: trains a classifier of texts.</summary>
static class TextCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Option<string> dataset = new("--dataset") { HelpName = "FILE", Required = true, Description = "The texts to train on: a file with columns, separated by tabs, commas, semicolons or bars." };
        Option<string?> test = new("--test", "--test-dataset") { HelpName = "FILE", Description = "The texts to test on; by default a fifth of the others, which is then not trained on." };
        var (columns, training, output) = (new TextColumnOptions(required: true), new TrainingOptions(), new OutputOptions());
        Option<string> network = new("--network") { HelpName = "NAME", Description = $"The network: {string.Join(", ", NetworkNames.ForTexts)}.", DefaultValueFactory = _ => nameof(TextTransformer) };
        Option<string?> weights = new("--weights") { HelpName = "PATH", Description = "Trained weights to start from: for BertEncoder a folder with config.json, model.safetensors and the vocabulary, else a file." };
        network.Validators.Add(result => CommandErrors.Take(result, () => NetworkNames.RequireText(result.GetValueOrDefault<string>())));

        Command command = new("text", "Trains a classifier of texts, tests it, and writes the model with code that uses it.") { dataset, test };
        columns.AddTo(command);
        command.Add(network);
        command.Add(weights);
        training.AddTo(command);
        output.AddTo(command);
        command.SetAction(parsed => TrainCommand.Run(parsed, console, training, output, cancellation, columns.Task(
            parsed,
            parsed.GetRequiredValue(dataset),
            parsed.GetValue(test),
            NetworkNames.TextNetwork(parsed.GetRequiredValue(network), parsed.GetValue(weights)),
            parsed.GetValue(weights))));
        return command;
    }
}
