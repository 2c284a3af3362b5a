using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam image: trains a classifier of images.</summary>
static class ImageCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Option<string> dataset = new("--dataset") { HelpName = "DIR", Required = true, Description = "The images to train on: a folder for each class." };
        Option<string?> test = new("--test", "--test-dataset") { HelpName = "DIR", Description = "The images to test on; by default a fifth of the others, which is then not trained on." };
        Option<string?> network = new("--network") { HelpName = "NAME", Description = $"The network; by default one that suits the images. {string.Join(", ", NetworkNames.ForImages)}; or with a depth, such as CifarResNet8." };
        Option<string?> weights = new("--weights") { HelpName = "FILE", Description = "Trained weights to start from, safetensors or ONNX; needs --network." };
        network.Validators.Add(result => CommandErrors.Take(result, () => NetworkNames.ImageNetwork(result.GetValueOrDefault<string>(), weights: null)));
        var (training, output) = (new TrainingOptions(), new OutputOptions());

        Command command = new("image", "Trains a classifier of images, tests it, and writes the model with code that uses it.") { dataset, test, network, weights };
        training.AddTo(command);
        output.AddTo(command);
        CommandErrors.WeightsNeedNetwork(command, weights, network);
        command.SetAction(parsed => TrainCommand.Run(parsed, console, training, output, cancellation, new ImageTask
        {
            Dataset = parsed.GetRequiredValue(dataset),
            TestDataset = parsed.GetValue(test),
            Network = parsed.GetValue(network) is { } name ? NetworkNames.ImageNetwork(name, parsed.GetValue(weights)) : null,
        }));
        return command;
    }
}
