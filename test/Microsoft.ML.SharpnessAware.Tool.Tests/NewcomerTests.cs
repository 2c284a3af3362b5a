using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MlnetSam.Tests;

/// <summary>From the packed tool and a folder of data to a served model, as someone does it on the first day.</summary>
[TestClass]
public sealed partial class NewcomerTests
{
    static readonly HttpClient _client = new();

    readonly TempFolder _folder = new();

    [TestInitialize]
    public void LetPackagesBeFound() => _folder.Write("nuget.config", $"""
        <configuration>
          <packageSources>
            <add key="MlNetSam packed here" value="{Built("PackageFolder")}" />
          </packageSources>
        </configuration>
        """);

    [TestCleanup]
    public void Delete() => _folder.Dispose();

    [TestMethod]
    public async Task Five_commands_lead_from_pictures_to_a_served_model()
    {
        _folder.Pictures("pictures", each: 20);

        Command("dotnet", "tool", "install", "mlnet-sam", "--version", Built("Version"), "--tool-path", "tools");
        var trained = Command("tools/mlnet-sam", "image", "--dataset", "pictures", "--name", "Pets", "--epochs", "12");
        var predicted = Command("dotnet", "run", "--project", "Pets/Pets.Console", "--", "pictures/dark/0.png", "pictures/bright/0.png");
        using var server = new Server(_folder.Path, "Pets/Pets.WebApi");
        var answer = await (await _client.PostAsync($"{server.Address}/predict", new ByteArrayContent(File.ReadAllBytes(_folder["pictures", "dark", "1.png"])))).Content.ReadFromJsonAsync<JsonNode>();

        Assert.Contains("Accuracy 1.0000 on 8 images that it was not trained on", trained);
        Assert.IsFalse(trained.Contains('\u001b'), "colour in piped output");
        Assert.MatchesRegex(@"pictures/dark/0\.png: dark [01]\.\d+, bright [01]\.\d+\s+pictures/bright/0\.png: bright [01]\.\d+, dark [01]\.\d+", predicted);
        Assert.AreEqual("dark", (string?)answer!["label"]);
        Assert.AreEqual(1, answer["scores"]!.AsArray().Sum(score => (double)score!["score"]!), 1e-3);
        Assert.AreEqual(System.Net.HttpStatusCode.BadRequest, (await _client.PostAsync($"{server.Address}/predict", new StringContent("no image"))).StatusCode);

        // And again, from the code that was written.
        Command("dotnet", "run", "--project", "Pets/Pets.Console", "--no-build", "--", "train", "pictures", "again.zip");
        Assert.Contains("MicroAccuracy: 1.0000", Command("tools/mlnet-sam", "evaluate", "--model", "again.zip", "--dataset", "pictures"));
    }

    [TestMethod]
    public async Task Texts_are_served_too()
    {
        _folder.Texts("train.tsv", each: 40, head: "the topic\tmodel input");

        var answer = await Serve("TrainClassifier", ["--dataset", "train.tsv", "--label-col", "the topic", "--text-col", "model input"], ["bread and soup"], "bread and soup: food ", new { modelInput2 = "rain and sun" });

        Assert.AreEqual("sky", (string?)answer["label"]);
    }

    [TestMethod]
    public async Task Pairs_of_texts_with_quotation_marks_are_served_too()
    {
        _folder.Write("task.csv", string.Join('\n', ["Text,text,same \"topic\"?", .. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? $"\"sun, {i}\nand \"\"rain\"\"\",sun,yes" : $"\"sun, {i}\",soup,no")]));

        var answer = await Serve("Task", ["--dataset", "task.csv", "--label-col", "2", "--text-col", "Text", "--text-col2", "text"], ["sun", "soup"], "sun | soup: no ", new { text = "sun and rain", text2 = "sun" });

        Assert.AreEqual("yes", (string?)answer["label"]);
    }

    /// <summary>Trains on texts, predicts, trains again with the code that was written, and asks the server.</summary>
    async Task<JsonNode> Serve(string name, string[] data, string[] texts, string prediction, object request)
    {
        Command("dotnet", "tool", "install", "mlnet-sam", "--version", Built("Version"), "--tool-path", "tools");
        Command("tools/mlnet-sam", ["text", .. data, "--network", "BagOfEmbeddings", "--batch-size", "8", "--epochs", "15"]);
        Assert.StartsWith(prediction, Command("dotnet", ["run", "--project", $"{name}/{name}.Console", "--", .. texts]));
        Command("dotnet", "run", "--project", $"{name}/{name}.Console", "--no-build", "--", "train", data[1], "again.zip");
        Assert.Contains("MicroAccuracy: 1.0000", Command("tools/mlnet-sam", ["evaluate", "--model", "again.zip", .. data]));

        using var server = new Server(_folder.Path, $"{name}/{name}.WebApi");
        Assert.Contains("/predict", await _client.GetStringAsync(server.Address));
        return (await (await _client.PostAsJsonAsync($"{server.Address}/predict", request)).Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>Runs a command in the folder, which must end with 0, and gives what it prints.</summary>
    string Command(string program, params string[] arguments)
    {
        using var process = Process.Start(StartOf(_folder.Path, program, arguments))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        return output;
    }

    static ProcessStartInfo StartOf(string folder, string program, string[] arguments) =>
        new(program.StartsWith("tools/", StringComparison.Ordinal) ? Path.Combine(folder, program) : program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

    static string Built(string key) => typeof(NewcomerTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    /// <summary>A project that serves a model, on a port that is free.</summary>
    sealed partial class Server : IDisposable
    {
        static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

        readonly Process _process;

        public Server(string folder, string project)
        {
            var (said, address) = (new List<string>(), new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
            _process = new Process { StartInfo = StartOf(folder, "dotnet", ["run", "--project", project, "--urls", "http://127.0.0.1:0"]) };
            _process.ErrorDataReceived += (_, line) => Hear(line.Data);
            _process.OutputDataReceived += (_, line) => Hear(line.Data);
            _process.Start();
            _process.BeginErrorReadLine();
            _process.BeginOutputReadLine();
            Address = address.Task.Wait(_patience) ? address.Task.Result : throw new TimeoutException(string.Join('\n', said));

            void Hear(string? line)
            {
                lock (said)
                    said.Add(line ?? "");
                if (Listening().Match(line ?? "") is { Success: true } match)
                    address.TrySetResult(match.Groups["address"].Value);
            }
        }

        public string Address { get; }

        public void Dispose()
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            _process.Dispose();
        }

        [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
        private static partial Regex Listening();
    }
}
