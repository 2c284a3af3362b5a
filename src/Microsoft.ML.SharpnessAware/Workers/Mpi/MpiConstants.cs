namespace Microsoft.ML.SharpnessAware;

/// <summary>What the names in mpi.h stand for, which the standard left open before MPI 5. A handle that has 32 bits is passed in a register of 64.</summary>
internal sealed record MpiConstants
{
    public required nint World { get; init; }

    public required nint Byte { get; init; }

    public required nint Float { get; init; }

    public required nint Double { get; init; }

    public required nint Sum { get; init; }

    public required nint InPlace { get; init; }

    /// <summary>MPI_THREAD_SERIALIZED: threads call MPI in turn.</summary>
    public required int Serialized { get; init; }

    /// <summary>The common ABI of MPI 5, section 20: numbers from https://github.com/mpi-forum/mpi-abi-stubs, mpi.h. Not run: no distribution that we know has a library with it.</summary>
    public static MpiConstants OfMpi5 { get; } = new() { World = 0x101, Byte = 0x247, Float = 0x210, Double = 0x214, Sum = 0x21, InPlace = 1, Serialized = 2048 };

    /// <summary>MPICH, and what keeps to its ABI, such as Intel MPI and MVAPICH.</summary>
    public static MpiConstants OfMpich { get; } = new() { World = 0x44000000, Byte = 0x4c00010d, Float = 0x4c00040a, Double = 0x4c00080b, Sum = 0x58000003, InPlace = -1, Serialized = 2 };

    /// <summary>Those of a library, by its file's name and by whether it has Open MPI's symbols.</summary>
    /// <param name="name">The name of the file, without its folder.</param>
    /// <param name="symbol">The address of a symbol, or 0.</param>
    public static MpiConstants Of(string name, Func<string, nint> symbol) =>
        name.StartsWith("libmpi_abi", StringComparison.Ordinal) ? OfMpi5 : symbol("ompi_mpi_comm_world") == 0 ? OfMpich : new()
        {
            World = symbol("ompi_mpi_comm_world"),
            Byte = symbol("ompi_mpi_byte"),
            Float = symbol("ompi_mpi_float"),
            Double = symbol("ompi_mpi_double"),
            Sum = symbol("ompi_mpi_op_sum"),
            InPlace = 1,
            Serialized = 2,
        };
}
