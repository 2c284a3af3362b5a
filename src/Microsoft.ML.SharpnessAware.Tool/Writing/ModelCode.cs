using System.Text;

namespace MlnetSam;

/// <summary>The C# that is written beside a model. What differs between images and texts is for each kind to say.</summary>
/// <param name="run">The run.</param>
/// <param name="name">The model's name, and its class's.</param>
abstract class ModelCode(ModelRun run, string name)
{
    public static ModelCode Of(ModelRun run, string name) => run.Task switch
    {
        ImageTask task => new ImageModelCode(run, task, name),
        TextTask task => new TextModelCode(run, task, name),
        _ => throw new ArgumentException($"There is no code for {run.Task}."),
    };

    /// <summary>The folder of the console project.</summary>
    public string ConsoleProject => $"{Name}.Console";

    /// <summary>The folder of the project that serves the model.</summary>
    public string WebProject => $"{Name}.WebApi";

    /// <summary>A command that asks the server.</summary>
    public abstract string Request { get; }

    /// <summary>Each file with what is in it.</summary>
    public IEnumerable<(string File, string Text)> Files() =>
    [
        ($"{Name}.consumption.cs", Consumption()),
        ($"{Name}.training.cs", Training()),
        ($"{ConsoleProject}/{ConsoleProject}.csproj", Project("Microsoft.NET.Sdk", "<OutputType>Exe</OutputType>", withTraining: true)),
        ($"{ConsoleProject}/Program.cs", ConsoleProgram()),
        ($"{WebProject}/{WebProject}.csproj", Project("Microsoft.NET.Sdk.Web", "", withTraining: false)),
        ($"{WebProject}/Program.cs", WebProgram()),
    ];

    protected ModelRun Run { get; } = run;

    protected string Name { get; } = name;

    string Namespace => $"{Name}Model";

    // An alias comes before the namespaces that the SDK imports, so that a model may be called Action or Task.
    protected string UsingModel => $"using {Name} = {Namespace}.{Name};";

    protected string Head => $"// Written by mlnet-sam {ThisTool.Version} on {Run.Started:yyyy-MM-dd}.";

    /// <summary>The properties of ModelInput.</summary>
    protected abstract string InputProperties { get; }

    /// <summary>The method Train and what it needs; the pipeline is the same for all.</summary>
    protected abstract string TrainingMembers { get; }

    /// <summary>The step of the pipeline that trains, of mlContext.MulticlassClassification.Trainers.</summary>
    protected abstract string Trainer { get; }

    protected abstract string ConsoleProgram();

    /// <summary>How the request becomes an input, and what it is.</summary>
    protected abstract string WebProgram();

    /// <summary>Packages beside those of all projects.</summary>
    protected virtual string TrainingPackages => "";

    /// <summary>A value of an option in C#.</summary>
    protected virtual string ValueOf(string option, string value) => value;

    string Consumption() => $$"""
        {{Head}}
        using Microsoft.ML;
        using Microsoft.ML.Data;

        namespace {{Namespace}};

        /// <summary>The model in {{Name}}.mlnet.</summary>
        public partial class {{Name}}
        {
            static readonly MLContext Context = new();
            static readonly Lazy<ITransformer> Model = new(() => Context.Model.Load(ModelPath, out _));
            static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine);

            /// <summary>The file of the model. Set it before the first prediction if it is not beside the program.</summary>
            public static string ModelPath { get; set; } = Path.Combine(AppContext.BaseDirectory, "{{Name}}.mlnet");

            /// <summary>What the model reads.</summary>
            public class ModelInput
            {
        {{Indented(InputProperties, 8)}}
            }

            /// <summary>What the model says.</summary>
            public class ModelOutput
            {
                /// <summary>The likeliest label.</summary>
                [ColumnName("PredictedLabel")]
                public string PredictedLabel { get; set; } = "";

                /// <summary>The probability of each label, in the order of <see cref="Labels"/>.</summary>
                [ColumnName("Score")]
                public float[] Score { get; set; } = [];
            }

            /// <summary>The labels that the model knows, in the order of <see cref="ModelOutput.Score"/>.</summary>
            public static IReadOnlyList<string> Labels
            {
                get
                {
                    var names = default(VBuffer<ReadOnlyMemory<char>>);
                    PredictEngine.Value.OutputSchema["Score"].GetSlotNames(ref names);
                    return [.. names.DenseValues().Select(name => name.ToString())];
                }
            }

            /// <summary>Predicts; from any thread, one after another.</summary>
            public static ModelOutput Predict(ModelInput input)
            {
                lock (PredictEngine)
                    return PredictEngine.Value.Predict(input);
            }

            /// <summary>Predicts, and gives all labels with their probabilities, the likeliest first.</summary>
            public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) => AllLabels(Predict(input));

            /// <summary>All labels with their probabilities, the likeliest first.</summary>
            public static IOrderedEnumerable<KeyValuePair<string, float>> AllLabels(ModelOutput output) =>
                Labels.Zip(output.Score, KeyValuePair.Create).OrderByDescending(label => label.Value);

            /// <summary>An engine for one thread at a time. All engines share the one model.</summary>
            public static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine() =>
                Context.Model.CreatePredictionEngine<ModelInput, ModelOutput>(Model.Value, new PredictionEngineOptions { OwnsTransformer = false });
        }

        """;

    string Training() => $$"""
        {{Head}}
        using Microsoft.ML;
        using Microsoft.ML.Data;
        using Microsoft.ML.SharpnessAware;

        namespace {{Namespace}};

        public partial class {{Name}}
        {
        {{Indented(TrainingMembers, 4)}}

            /// <summary>The pipeline that {{Name}}.mlnet was trained with.</summary>
            public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext)
            {
                var options = new {{Run.Options.GetType().DeclaringType!.Name}}.Options
                {
        {{Indented(OptionLines(), 12)}}
                    MetricsCallback = Console.WriteLine,
                };

                return mlContext.Transforms.Conversion.MapValueToKey({{CSharpValue.Text(Run.Task.Label)}})
                    .Append(mlContext.MulticlassClassification.Trainers.{{Trainer}}(options))
                    .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            }
        }

        """;

    string OptionLines() => string.Join('\n', CSharpValue.ChangedIn(Run.Options).Select(option => $"{option.Name} = {ValueOf(option.Name, option.Value)},"));

    string Project(string sdk, string property, bool withTraining) => $"""
        <Project Sdk="{sdk}">

          <PropertyGroup>
            {property}
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <!-- For Linux with a libstdc++ older than GCC 13.2's, such as Debian 12's; it does nothing elsewhere. -->
            <TorchSharpForOlderLibstdcxx>true</TorchSharpForOlderLibstdcxx>
            <!-- libtorch for this machine's system alone, in place of half a gigabyte for each system. -->
            <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
            <SelfContained>false</SelfContained>
          </PropertyGroup>

          <ItemGroup>
            <Compile Include="../{Name}.consumption.cs" />
            {(withTraining ? $"<Compile Include=\"../{Name}.training.cs\" />" : "")}
            <None Include="../{Name}.mlnet" Link="{Name}.mlnet" CopyToOutputDirectory="PreserveNewest" />
          </ItemGroup>

          <ItemGroup>
            <PackageReference Include="Microsoft.ML.SharpnessAware" Version="{ThisTool.Version}" />
            <!-- libtorch; for NVIDIA GPUs TorchSharp-cuda-linux or TorchSharp-cuda-windows. -->
            <PackageReference Include="{ThisTool.LibtorchPackage}" Version="{ThisTool.TorchSharpVersion}" />
            {(withTraining ? TrainingPackages : "")}
          </ItemGroup>

        </Project>

        """.ReplaceLineEndings("\n").Replace("    \n", "", StringComparison.Ordinal);

    /// <summary>The text with so many spaces before each of its lines that is not empty.</summary>
    static string Indented(string text, int spaces)
    {
        var indented = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
            indented.Append(line.Length == 0 ? "" : new string(' ', spaces)).Append(line).Append('\n');
        return indented.ToString().TrimEnd('\n');
    }
}
