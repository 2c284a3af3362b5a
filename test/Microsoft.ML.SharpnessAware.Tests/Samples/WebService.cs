using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The sample WebPredict in a process of its own, on a free port of this machine; ended when disposed.</summary>
sealed partial class WebService : IDisposable
{
    static readonly string Built = typeof(WebService).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "WebPredict").Value!;

    readonly Process _process;
    readonly HttpClient _client;

    public WebService(string model)
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(Built, "WebPredict.dll"), model, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(model),
        })!;
        var errors = _process.StandardError.ReadToEndAsync();
        var address = Lines().Select(line => Address().Match(line)).FirstOrDefault(match => match.Success)?.Value;
        _client = new HttpClient(new HttpClientHandler { UseProxy = false }) { BaseAddress = new Uri(address ?? throw new InvalidOperationException(errors.Result)), Timeout = TimeSpan.FromMinutes(2) };
        _ = _process.StandardOutput.ReadToEndAsync();
    }

    public Task<HttpResponseMessage> Predict(byte[] body) => _client.PostAsync("/predict", new ByteArrayContent(body));

    public async Task<WebAnswer> Answer(byte[] body)
    {
        using var response = await Predict(body);
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<WebAnswer>())!;
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    IEnumerable<string> Lines()
    {
        while (_process.StandardOutput.ReadLine() is { } line)
            yield return line;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

/// <summary>What the service answers.</summary>
sealed record WebAnswer(string Label, WebScore[] Scores);

sealed record WebScore(string Label, float Score);
