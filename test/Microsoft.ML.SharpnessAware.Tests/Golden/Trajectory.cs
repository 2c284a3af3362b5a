using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>One run of an author's own code, as read from Golden/Trajectories.</summary>
sealed record Trajectory(Trajectory.Step[] Steps)
{
    static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Trajectory Of(string algorithm, ScalarType type) =>
        Read<Trajectory>($"mlp_a.{algorithm}.sgd.{(type == ScalarType.Float64 ? "f64" : "f32")}.json");

    public static Problem Constants() => Read<Problem>("problem_mlp_a.json");

    static T Read<T>(string file) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Golden.PathOf($"Trajectories/{file}")), SnakeCase)!;

    public sealed record Step(double Loss, double? PerturbedLoss, double GradNorm, double? PerturbedGradNorm, Dictionary<string, double[]>? PerturbedParams, Dictionary<string, double[]> Params);

    public sealed record Problem(Dictionary<string, long[]> Shapes, Dictionary<string, double[]> Params, [property: JsonPropertyName("x_shape")] long[] XShape, double[] X, long[] Y);
}
