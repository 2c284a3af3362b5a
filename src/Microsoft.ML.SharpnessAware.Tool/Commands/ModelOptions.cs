using System.CommandLine;

namespace MlnetSam;

/// <summary>The options of commands that take a saved model, and most often labelled data.</summary>
/// <param name="dataRequired">Whether there have to be data.</param>
sealed class ModelOptions(bool dataRequired)
{
    readonly Option<string> _model = new("--model") { HelpName = "FILE", Required = true, Description = "The model, such as Name.mlnet." };
    readonly Option<string?> _dataset = new("--dataset") { HelpName = "PATH", Required = dataRequired, Description = "A folder with a folder of images for each class, or a file of texts." };
    readonly TextColumnOptions _columns = new(required: false);
    readonly CommonOptions _common = new();

    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_dataset);
        _columns.AddTo(command);
        _common.AddTo(command);
    }

    public MLContext ContextIn(ParseResult parsed) => _common.ContextIn(parsed);

    public SavedModel Model(ParseResult parsed, MLContext context) => SavedModel.Load(context, parsed.GetRequiredValue(_model));

    public bool HasData(ParseResult parsed) => parsed.GetValue(_dataset) is not null;

    /// <summary>The rows with their labels, as the model reads them; what is odd about them is said on the console.</summary>
    public IDataView Labelled(ParseResult parsed, SavedModel model, ToolConsole console) => Rows(parsed, model, console, withLabel: true);

    /// <summary>The texts of a file, as the model reads them; what is odd about them is said on the console.</summary>
    public IDataView Texts(ParseResult parsed, SavedModel model, ToolConsole console) => Rows(parsed, model, console, withLabel: false);

    IDataView Rows(ParseResult parsed, SavedModel model, ToolConsole console, bool withLabel)
    {
        var dataset = parsed.GetRequiredValue(_dataset)!;
        if (model.Texts is not { } columns)
            return model.Rows(ImageFiles.WithClasses(dataset));
        var format = TextFileFormat.Of(dataset, _columns.HasHeader(parsed));
        format.Warn(dataset, console.Error.WriteLine);
        return model.Rows(format, dataset, _columns.ColumnsFor(parsed, format, dataset, columns, withLabel));
    }
}
