using System.CommandLine;

namespace MlnetSam;

/// <summary>mlnet-sam export: a model as an ONNX file.</summary>
static class ExportCommand
{
    public static Command Create(ToolConsole console, CancellationToken cancellation)
    {
        Option<string> model = new("--model") { HelpName = "FILE", Required = true, Description = "The model, such as Name.mlnet." };
        Option<string?> output = new("--output", "-o") { HelpName = "FILE.onnx", Description = "The ONNX file; beside the model by default." };
        NumberOption<int> opset = new("--opset", "N", "The version of ONNX's operators, 12 to 17.", value => value is >= 12 and <= 17, "from 12 to 17", standard: 17);

        Command command = new("export", "Writes a saved model as an ONNX file, for other languages and runtimes.") { model, output, opset };
        command.SetAction(parsed =>
        {
            var file = parsed.GetRequiredValue(model);
            var onnx = parsed.GetValue(output) ?? Path.ChangeExtension(file, ".onnx");
            using var saved = SavedModel.Load(new MLContext(), file);
            cancellation.ThrowIfCancellationRequested();
            OnnxExport.Write(saved.Classifier, onnx, new OnnxExportOptions { Opset = parsed.GetValue(opset)!.Value });
            console.Out.WriteLine($"Written to {onnx}.");
            return ExitCode.Done;
        });
        return command;
    }
}
