namespace Microsoft.ML;

[InternalInMlNet]
public static class RandomUtils
{
    public static TauswortheHybrid Create() => new(new Random());

    public static TauswortheHybrid Create(int? seed) => seed is { } value ? Create(value) : Create();

    public static TauswortheHybrid Create(int seed) => Create((uint)seed);

    public static TauswortheHybrid Create(uint? seed) => seed is { } value ? Create(value) : Create();

    public static TauswortheHybrid Create(uint seed) => new(new TauswortheHybrid.State(seed));

    public static TauswortheHybrid Create(Random seed) => new(seed);

    public static float NextSingle(this Random random)
    {
        if (random is TauswortheHybrid hybrid)
            return hybrid.NextSingle();
        float value;
        do
            value = (float)random.NextDouble();
        while (value >= 1.0f);
        return value;
    }
}
