using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What a launcher of MPI programs, such as mpirun, tells the processes that it starts by their environment.</summary>
/// <param name="IsOpenMpi">Whether it belongs to Open MPI, as far as that can be seen; else to MPICH or one of its kin.</param>
/// <param name="Rank">The number of this process, from 0; null if it does not say so.</param>
/// <param name="Count">The number of processes; null if it does not say so.</param>
internal sealed record MpiLauncher(bool IsOpenMpi, int? Rank, int? Count)
{
    // Not SLURM_PROCID and the like: a batch script has them as well, and what it starts is one process.
    static readonly string[] Signs = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE"];

    /// <summary>The launcher that started the process with this environment; null if there was none.</summary>
    public static MpiLauncher? Find(Func<string, string?> environment)
    {
        int? Number(params string[] names) =>
            names.Select(environment).FirstOrDefault(value => value is not null) is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        return Signs.All(sign => environment(sign) is null) ? null : new(
            IsOpenMpi: environment("OMPI_COMM_WORLD_SIZE") is not null || environment("PMIX_RANK") is not null,
            Rank: Number("OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"),
            Count: Number("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"));
    }
}
