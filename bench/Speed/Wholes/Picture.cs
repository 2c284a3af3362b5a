using Microsoft.ML.Data;

namespace Speed.Wholes;

/// <summary>An image as pixels, of waves, and its class.</summary>
sealed class Picture
{
    public float[] Features { get; set; } = [];

    [KeyType(Classes)]
    public uint Label { get; set; }

    public const int Classes = 10;

    public static Picture Of(int number, int size) => new()
    {
        Features = [.. Enumerable.Range(0, 3 * size * size).Select(x => MathF.Sin(x * (number % 7 + 1) + number))],
        Label = (uint)number % Classes,
    };

    /// <summary>The schema of pictures of that size.</summary>
    public static SchemaDefinition Schema(int size)
    {
        var schema = SchemaDefinition.Create(typeof(Picture));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, size, size);
        return schema;
    }
}

/// <summary>What a model says of one.</summary>
sealed class Scores
{
    public float[] Score { get; set; } = [];
}
