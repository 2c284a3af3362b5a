using System.Text.Json;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>The C# beside a model for texts.</summary>
sealed class TextModelCode(ModelRun run, TextTask task, string name) : ModelCode(run, name)
{
    const int SampleLength = 200;

    public override string Request => $"curl --json '{JsonSerializer.Serialize(Properties.Skip(1).ToDictionary(property => property.Name, _ => "...")).Replace("'", "\\u0027", StringComparison.Ordinal)}' http://localhost:5000/predict";

    protected override string Trainer => "SamText";

    protected override string InputProperties => string.Join("\n\n", Properties.Select((property, i) => $$"""
        /// <summary>{{(i == 0 ? "The label. A prediction does not need it." : i == 1 ? "The text." : "The second text.")}}</summary>
        [LoadColumn({{property.Index}}), ColumnName({{CSharpValue.Text(property.Column)}})]
        public string {{property.Name}} { get; set; } = "";
        """));

    protected override string TrainingMembers => $$"""
        /// <summary>Trains a model on the texts of a file, and saves it.</summary>
        public static void Train(string file, string modelPath)
        {
            var mlContext = new MLContext();
            var texts = LoadTexts(mlContext, file);
            var model = BuildPipeline(mlContext).Fit(texts);
            mlContext.Model.Save(model, texts.Schema, modelPath);
        }

        /// <summary>The rows of a file that is laid out as {{Path.GetFileName(task.Dataset)}} is.</summary>
        public static IDataView LoadTexts(MLContext mlContext, string file) =>
            mlContext.Data.LoadFromTextFile<ModelInput>(file, new TextLoader.Options { {{LoaderOptions}} });
        """;

    protected override string ValueOf(string option, string value) =>
        option == nameof(SamTextTrainer.Options.Network) && task.Network is BertEncoder ? $"BertEncoder.FromFolder({CSharpValue.Text(Path.GetFullPath(task.Weights!))})" : value;

    protected override string ConsoleProgram() => $$"""
        {{Head}}
        {{UsingModel}}

        if (args is ["train", var file, var modelPath])
        {
            {{Name}}.Train(file, modelPath);
            return;
        }

        {{(task.Text2 is null ? "// Texts; without any, one of those that the model was tested on." : "// A pair of texts; without it, one of those that the model was tested on.")}}
        {{(task.Text2 is null ? $"foreach (var text in args.Length > 0 ? args : [{Sample(task.Text)}])" : $"foreach (var (first, second) in new[] {{ args is [var one, var two] ? (one, two) : ({Sample(task.Text)}, {Sample(task.Text2)}) }})")}}
        {
            var labels = {{Name}}.PredictAllLabels(new {{Name}}.ModelInput { {{Assignments}} });
            Console.WriteLine($"{{{(task.Text2 is null ? "text" : "first} | {second")}}}: {string.Join(", ", labels.Take(3).Select(label => $"{label.Key} {label.Value:0.000}"))}");
        }

        """;

    protected override string WebProgram() => $$"""
        {{Head}}
        using Microsoft.Extensions.ObjectPool;
        using Microsoft.ML;
        {{UsingModel}}

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(new DefaultObjectPoolProvider().Create(new EnginePolicy()));
        var app = builder.Build();

        app.MapGet("/", () => {{CSharpValue.Text($"POST a text as JSON to /predict: {Request}\n")}});

        app.MapPost("/predict", ({{Name}}.ModelInput input, ObjectPool<PredictionEngine<{{Name}}.ModelInput, {{Name}}.ModelOutput>> engines) =>
        {
            var engine = engines.Get();
            try
            {
                var output = engine.Predict(input);
                return Results.Ok(new { label = output.PredictedLabel, scores = {{Name}}.AllLabels(output).Select(label => new { label = label.Key, score = label.Value }) });
            }
            finally
            {
                engines.Return(engine);
            }
        });

        app.Run();

        /// <summary>Engines over one model, each for one request at a time.</summary>
        sealed class EnginePolicy : PooledObjectPolicy<PredictionEngine<{{Name}}.ModelInput, {{Name}}.ModelOutput>>
        {
            public override PredictionEngine<{{Name}}.ModelInput, {{Name}}.ModelOutput> Create() => {{Name}}.CreatePredictEngine();

            public override bool Return(PredictionEngine<{{Name}}.ModelInput, {{Name}}.ModelOutput> engine) => true;
        }

        """;

    // The label first, then the texts; names that come out the same, or as that of their class, get a number.
    (string Name, string Column, int Index)[] Properties
    {
        get
        {
            HashSet<string> taken = ["ModelInput"];
            return [.. task.Columns.Select(column => (Names.Free(ModelName.Identifier(column.Name), taken), column.Name, column.Index))];
        }
    }

    string Assignments => Properties is [_, var text] ? $"{text.Name} = text" : $"{Properties[1].Name} = first, {Properties[2].Name} = second";

    string LoaderOptions => $"Separators = [{Separator}], HasHeader = {CSharpValue.Of(task.Format.HasHeader)}" + (task.Format.Quoting ? ", AllowQuoting = true, ReadMultilines = true" : "");

    string Separator => task.Format.Separator == '\t' ? "'\\t'" : $"'{task.Format.Separator}'";

    string Sample(string column)
    {
        var text = Run.Data.Test.GetColumn<string>(column).First() ?? "";
        return CSharpValue.Text(text.Length > SampleLength ? text[..SampleLength] : text);
    }
}
