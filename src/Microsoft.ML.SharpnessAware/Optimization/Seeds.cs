using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>All randomness of a run, from one number: a seed of its own for every purpose, epoch and batch.</summary>
internal sealed class Seeds(long seed)
{
    /// <summary>The one number. As the seeds of all occasions follow from it, a run has no other random state.</summary>
    public long Root => seed;

    /// <summary>The seed for a purpose, and the numbers that tell its occasions apart.</summary>
    public long For(string purpose, long first = 0, long second = 0)
    {
        var state = Mix((ulong)seed);
        foreach (var part in Encoding.UTF8.GetBytes(purpose))
            state = Mix(state ^ part);
        state = Mix(state ^ (ulong)first);
        state = Mix(state ^ (ulong)second);
        return (long)(state >> 1);
    }

    /// <summary>Lets a run use libtorch's global generator, as modules do, and gives the CPU's state back to the caller in the end.</summary>
    public static IDisposable BorrowGlobalGenerator() => new Borrowed();

#pragma warning disable RS0030 // The one place that seeds the global generators: dropout and weight initialisation know no other.
    /// <summary>Seeds the CPU's generator and those of all GPUs.</summary>
    public static void SeedGlobalGenerator(long seed)
    {
        torch.random.manual_seed(seed).Dispose();
        if (cuda.is_available())
            cuda.manual_seed_all(seed);
    }
#pragma warning restore RS0030

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014).
    static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    sealed class Borrowed : IDisposable
    {
        readonly Tensor _state = torch.random.get_rng_state().DetachFromDisposeScope();

        public void Dispose()
        {
            torch.random.set_rng_state(_state);
            _state.Dispose();
        }
    }
}
