namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Which launcher, library and constants are taken, by what a process can see.</summary>
[TestClass]
public class MpiLibraryTests
{
    [TestMethod]
    public void Find_without_variables_of_a_launcher_finds_none()
    {
        Assert.IsNull(MpiLauncher.Find(Environment()));
        Assert.IsNull(MpiLauncher.Find(Environment(("SLURM_PROCID", "3"), ("SLURM_NTASKS", "4"))));
    }

    [TestMethod]
    public void Find_tells_Open_MPI_from_MPICH_and_reads_rank_and_count()
    {
        Assert.AreEqual(new(IsOpenMpi: true, 3, 4), MpiLauncher.Find(Environment(("OMPI_COMM_WORLD_SIZE", "4"), ("OMPI_COMM_WORLD_RANK", "3"), ("PMIX_RANK", "3"))));
        Assert.AreEqual(new(IsOpenMpi: true, 1, null), MpiLauncher.Find(Environment(("PMIX_RANK", "1"))));
        Assert.AreEqual(new(IsOpenMpi: false, 1, 2), MpiLauncher.Find(Environment(("PMI_RANK", "1"), ("PMI_SIZE", "2"))));
        Assert.AreEqual(new(IsOpenMpi: true, 0, 2), MpiLauncher.Find(Environment(("PMI_RANK", "0"), ("PMI_SIZE", "2"), ("PMIX_RANK", "0"))));
    }

    [TestMethod]
    public void Names_begin_with_the_launchers_own_library()
    {
        Assert.AreEqual("libmpi.so.40", MpiLibrary.Names(new(IsOpenMpi: true, 0, 2))[0]);
        CollectionAssert.AreEqual(new[] { "libmpi.so.12", "libmpich.so.12", "libmpi_abi.so.1" }, MpiLibrary.Names(new(IsOpenMpi: false, 0, 2)).Take(3).ToArray());
        CollectionAssert.AreEquivalent(MpiLibrary.Names(new(true, 0, 2)).ToArray(), MpiLibrary.Names(new(false, 0, 2)).ToArray());
    }

    [TestMethod]
    public void Constants_are_symbols_of_Open_MPI()
    {
        string[] symbols = ["ompi_mpi_comm_world", "ompi_mpi_byte", "ompi_mpi_float", "ompi_mpi_double", "ompi_mpi_op_sum"];

        var constants = MpiConstants.Of("libmpi.so.40", symbol => 100 + Array.IndexOf(symbols, symbol));

        Assert.AreEqual(new() { World = 100, Byte = 101, Float = 102, Double = 103, Sum = 104, InPlace = 1, Serialized = 2 }, constants);
    }

    [TestMethod]
    public void Constants_are_numbers_of_MPICH_where_there_are_no_symbols() =>
        Assert.AreEqual(MpiConstants.OfMpich, MpiConstants.Of("libmpi.so.12", _ => 0));

    // mpi.h of MPI 5.0: #define MPI_COMM_WORLD ((MPI_Comm)0x00000101), MPI_BYTE 0x247, MPI_FLOAT 0x210, MPI_DOUBLE 0x214, MPI_SUM 0x21, MPI_IN_PLACE 1, MPI_THREAD_SERIALIZED 2048.
    [TestMethod]
    public void Constants_are_the_standards_for_its_own_library_whoever_made_it() =>
        Assert.AreEqual(new() { World = 0x101, Byte = 0x247, Float = 0x210, Double = 0x214, Sum = 0x21, InPlace = 1, Serialized = 2048 }, MpiConstants.Of("libmpi_abi.so.1", _ => 5));

    [TestMethod]
    public void Error_says_what_to_install_where_there_is_none() =>
        Golden.Matches("Workers/NoMpi.txt", new ErrorText().Add("no library", () => MpiLibrary.Load(["libmpi.so.nowhere", "libmpich.so.nowhere"])).ToString());

    static Func<string, string?> Environment(params (string Name, string Value)[] variables) => name => variables.FirstOrDefault(variable => variable.Name == name).Value;
}
