using System.Diagnostics;

namespace PackageConsumer.Tests;

/// <summary>A console project in a folder of its own, with our package and a libtorch, as a user begins it.</summary>
internal sealed class FreshProject : IDisposable
{
    /// <param name="programFile">What the source file is called: in C# or in F#.</param>
    /// <param name="program">The source.</param>
    /// <param name="properties">MSBuild properties, of the target framework at least.</param>
    public FreshProject(string programFile, string program, string properties)
    {
        File.WriteAllText(Path.Combine(Folder, programFile), program);
        File.WriteAllText(Path.Combine(Folder, $"Fresh{Path.GetExtension(programFile)}proj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                {properties}
                <RestoreAdditionalProjectSources>{Built.PackageFolder}</RestoreAdditionalProjectSources>
                <!-- Half a gigabyte need not be copied, and a link to the package cache is the harder case. -->
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <Compile Include="*.fs" />
                <PackageReference Include="Microsoft.ML.SharpnessAware" Version="{Built.Version}" />
                <PackageReference Include="{Built.LibtorchPackage}" Version="{Built.TorchSharpVersion}" />
              </ItemGroup>
            </Project>
            """);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("FreshProject").FullName;

    /// <summary>Runs a command of the SDK on the project, in Release, and gives the lines that it prints.</summary>
    public string[] Dotnet(string command, params string[] options) =>
        Start("dotnet", [command, "--configuration", "Release", "--verbosity", "minimal", .. options]);

    /// <summary>Runs a program, which must end with exit code 0, and gives the lines that it prints.</summary>
    public string[] Run(string program, params string[] arguments) => Start(Path.Combine(Folder, program), arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    string[] Start(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
