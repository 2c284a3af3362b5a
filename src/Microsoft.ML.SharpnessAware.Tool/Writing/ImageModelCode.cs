using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>The C# beside a model for images.</summary>
sealed class ImageModelCode(ModelRun run, ImageTask task, string name) : ModelCode(run, name)
{
    public override string Request => "curl --data-binary @image.jpg http://localhost:5000/predict";

    protected override string Trainer => "SamImage";

    protected override string InputProperties => $$"""
        /// <summary>The label. A prediction does not need it.</summary>
        [ColumnName({{CSharpValue.Text(task.Label)}})]
        public string Label { get; set; } = "";

        /// <summary>The bytes of an image file, such as a JPEG or a PNG.</summary>
        [ColumnName("{{ImageTask.ImageSource}}")]
        public byte[] ImageSource { get; set; } = [];
        """;

    protected override string TrainingPackages => ((SamImageTrainer.Options)Run.Options).Network is DnnImageFeaturizerResNet18
        ? $$"""
          <!-- The trained weights that training starts from. -->
              <PackageReference Include="Microsoft.ML.DnnImageFeaturizer.ResNet18" Version="{{ThisTool.WeightsVersion}}" />
          """
        : "";

    protected override string TrainingMembers => $$"""
        static readonly string[] ImageEndings = [{{string.Join(", ", ImageFiles.Endings.Select(CSharpValue.Text))}}];

        /// <summary>Trains a model on the images of a folder, which has a folder for each class, and saves it.</summary>
        public static void Train(string folder, string modelPath)
        {
            var mlContext = new MLContext();
            var images = LoadImages(mlContext, folder);
            var model = BuildPipeline(mlContext).Fit(images);
            mlContext.Model.Save(model, images.Schema, modelPath);
        }

        /// <summary>The images of a folder with a folder for each class, which bears the class's name. A file is read when it is needed.</summary>
        public static IDataView LoadImages(MLContext mlContext, string folder)
        {
            var files = from classFolder in Directory.EnumerateDirectories(folder)
                        from file in Directory.EnumerateFiles(classFolder, "*", SearchOption.AllDirectories)
                        where ImageEndings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
                        orderby file
                        select new { ImagePath = file, Label = Path.GetFileName(classFolder) };
            var images = mlContext.Data.LoadFromEnumerable(files.ToArray());
            return mlContext.Transforms.LoadRawImageBytes("{{ImageTask.ImageSource}}", imageFolder: null, "ImagePath").Fit(images).Transform(images);
        }
        """;

    protected override string ConsoleProgram() => $$"""
        {{Head}}
        {{UsingModel}}

        if (args is ["train", var folder, var modelPath])
        {
            {{Name}}.Train(folder, modelPath);
            return;
        }

        // Files of images; without any, one of those that the model was tested on.
        foreach (var file in args.Length > 0 ? args : [{{CSharpValue.Text(Path.GetFullPath(SampleImage))}}])
        {
            var labels = {{Name}}.PredictAllLabels(new {{Name}}.ModelInput { ImageSource = File.ReadAllBytes(file) });
            Console.WriteLine($"{file}: {string.Join(", ", labels.Take(3).Select(label => $"{label.Key} {label.Value:0.000}"))}");
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

        app.MapGet("/", () => "POST the bytes of an image to /predict: {{Request}}\n");

        app.MapPost("/predict", async (HttpRequest request, ObjectPool<PredictionEngine<{{Name}}.ModelInput, {{Name}}.ModelOutput>> engines) =>
        {
            using var image = new MemoryStream();
            await request.Body.CopyToAsync(image);
            var engine = engines.Get();
            try
            {
                var output = engine.Predict(new {{Name}}.ModelInput { ImageSource = image.ToArray() });
                return Results.Ok(new { label = output.PredictedLabel, scores = {{Name}}.AllLabels(output).Select(label => new { label = label.Key, score = label.Value }) });
            }
            catch (InvalidOperationException fault)
            {
                return Results.Problem(fault.Message, statusCode: StatusCodes.Status400BadRequest, title: "The body must be the bytes of an image file, such as a JPEG or a PNG.");
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

    string SampleImage => Run.Data.Test.GetColumn<string>(nameof(ImageFile.ImagePath)).First();
}
