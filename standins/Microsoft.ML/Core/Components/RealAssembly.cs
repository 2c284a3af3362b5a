namespace Microsoft.ML.Runtime;

/// <summary>The assemblies of ML.NET whose parts this one stands in for, by the names that a model file carries.</summary>
internal static class RealAssembly
{
    public const string Core = "Microsoft.ML.Core" + Identity;
    public const string Data = "Microsoft.ML.Data" + Identity;
    public const string Transforms = "Microsoft.ML.Transforms" + Identity;
    public const string ImageAnalytics = "Microsoft.ML.ImageAnalytics" + Identity;

    private const string Identity = ", Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    private static readonly HashSet<string> _here = [.. new[] { Core, Data, Transforms, ImageAnalytics }.Select(SimpleName)];

    public static bool IsHere(string assemblyName) => _here.Contains(SimpleName(assemblyName));

    private static string SimpleName(string assemblyName) => assemblyName.Split(',')[0];
}
