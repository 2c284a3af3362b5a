namespace Microsoft.ML;

/// <summary>ML.NET's generator: three Tausworthe steps and a linear congruential one, xor-ed. L'Ecuyer 1996; GPU Gems 3, chapter 37.</summary>
[InternalInMlNet]
public sealed class TauswortheHybrid : Random
{
    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public TauswortheHybrid(State state)
    {
        _z1 = state.U1;
        _z2 = state.U2;
        _z3 = state.U3;
        _z4 = state.U4;
    }

    public TauswortheHybrid(Random rng)
    {
        _z1 = AtLeast128(rng);
        _z2 = AtLeast128(rng);
        _z3 = AtLeast128(rng);
        _z4 = Bits32(rng);
    }

    public new float NextSingle() => (Step() >> 9) * (1f / (1 << 23));

    public override double NextDouble() => Step() * (1.0 / (1L << 32));

    public override int Next()
    {
        var u = Step();
        return (int)(u + (u & 0x80000000U));
    }

    public override int Next(int maxValue)
    {
        Runtime.Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)(((ulong)Step() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Runtime.Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        Runtime.Contracts.CheckValue(buffer, nameof(buffer));
        for (var i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    public int NextSigned() => (int)Step();

    public State GetState() => new(_z1, _z2, _z3, _z4);

    private uint Step()
    {
        _z1 = Tausworthe(_z1, 13, 19, 12, ~0x1U);
        _z2 = Tausworthe(_z2, 2, 25, 4, ~0x7U);
        _z3 = Tausworthe(_z3, 3, 11, 17, ~0xfU);
        _z4 = (1664525 * _z4) + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }

    private static uint Tausworthe(uint z, int s1, int s2, int s3, uint mask) => ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private static uint Bits32(Random rng) => ((uint)rng.Next(0x10000) << 16) | (uint)rng.Next(0x10000);

    private static uint AtLeast128(Random rng)
    {
        uint bits;
        do
            bits = Bits32(rng);
        while (bits < 128);
        return bits;
    }

    public readonly struct State
    {
        public readonly uint U1;
        public readonly uint U2;
        public readonly uint U3;
        public readonly uint U4;

        public State(uint seed)
        {
            U1 = seed;
            U2 = Internal.Utilities.Hashing.MurmurRound(U1, U1);
            U3 = Internal.Utilities.Hashing.MurmurRound(U2, U1);
            U4 = Internal.Utilities.Hashing.MurmurRound(U3, U1);
        }

        public State(uint u1, uint u2, uint u3, uint u4)
        {
            U1 = u1;
            U2 = u2;
            U3 = u3;
            U4 = u4;
        }
    }
}
