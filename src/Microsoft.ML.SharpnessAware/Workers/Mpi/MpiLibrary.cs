using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The functions of the installed MPI library that training needs. The threads of a process call them in turn.</summary>
internal sealed class MpiLibrary
{
    // More than the MPI_MAX_ERROR_STRING of any.
    const int LongestError = 1024;

    static readonly string[] OpenMpi = ["libmpi.so.40"];
    static readonly string[] Mpich = ["libmpi.so.12", "libmpich.so.12"];
    // MPICH 5.0 calls it 0 by mistake: https://github.com/pmodels/mpich/issues/7928
    static readonly string[] Mpi5 = ["libmpi_abi.so.1", "libmpi_abi.so.0"];

    readonly MpiConstants _constants;
    readonly Ask _initialized;
    readonly Start _initThread;
    readonly AskWorld _commRank;
    readonly AskWorld _commSize;
    readonly Reduce _allreduce;
    readonly Send _bcast;
    readonly SendPieces _alltoallv;
    readonly Stop _finalize;
    readonly StopAll _abort;
    readonly Describe _errorString;

    MpiLibrary(string name, nint library)
    {
        T Function<T>(string function) where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, function));

        Name = name;
        _constants = MpiConstants.Of(name, symbol => NativeLibrary.TryGetExport(library, symbol, out var address) ? address : 0);
        _initialized = Function<Ask>("MPI_Initialized");
        _initThread = Function<Start>("MPI_Init_thread");
        _commRank = Function<AskWorld>("MPI_Comm_rank");
        _commSize = Function<AskWorld>("MPI_Comm_size");
        _allreduce = Function<Reduce>("MPI_Allreduce");
        _bcast = Function<Send>("MPI_Bcast");
        _alltoallv = Function<SendPieces>("MPI_Alltoallv");
        _finalize = Function<Stop>("MPI_Finalize");
        _abort = Function<StopAll>("MPI_Abort");
        _errorString = Function<Describe>("MPI_Error_string");
    }

    delegate int Ask(out int answer);

    delegate int Start(nint argc, nint argv, int required, out int provided);

    delegate int AskWorld(nint world, out int answer);

    delegate int Reduce(nint from, ref byte to, int count, nint type, nint operation, nint world);

    delegate int Send(ref byte bytes, int count, nint type, int root, nint world);

    delegate int SendPieces(byte[] to, int[] toLengths, int[] toStarts, nint toType, byte[] from, int[] fromLengths, int[] fromStarts, nint fromType, nint world);

    delegate int Stop();

    delegate int StopAll(nint world, int exitCode);

    delegate int Describe(int code, byte[] text, out int length);

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>The names under which the library may be found, the most likely first: both Open MPI and MPICH may be installed.</summary>
    public static IReadOnlyList<string> Names(MpiLauncher launcher) =>
        launcher.IsOpenMpi ? [.. OpenMpi, .. Mpi5, .. Mpich, "libmpi.so"] : [.. Mpich, .. Mpi5, .. OpenMpi, "libmpi.so"];

    /// <summary>The first library that there is.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static MpiLibrary Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, out var library))
                return new(name, library);
        throw new InvalidOperationException(
            $"An MPI launcher started this process, but there is no MPI library: none of {Listing.Of(names)} can be loaded. Install the launcher's own (Debian and Ubuntu: apt install openmpi-bin; on a cluster: load its MPI module), or add its folder to LD_LIBRARY_PATH.");
    }

    public bool IsInitialized
    {
        get
        {
            Check(_initialized(out var answer), "MPI_Initialized");
            return answer != 0;
        }
    }

    public int Rank
    {
        get
        {
            Check(_commRank(_constants.World, out var rank), "MPI_Comm_rank");
            return rank;
        }
    }

    public int Count
    {
        get
        {
            Check(_commSize(_constants.World, out var count), "MPI_Comm_size");
            return count;
        }
    }

    public void Initialize() => Check(_initThread(0, 0, _constants.Serialized, out _), "MPI_Init_thread");

    public void Sum(Span<float> values) => Sum(MemoryMarshal.AsBytes(values), values.Length, _constants.Float);

    public void Sum(Span<double> values) => Sum(MemoryMarshal.AsBytes(values), values.Length, _constants.Double);

    public void Broadcast(Span<byte> bytes, int rank) =>
        Check(_bcast(ref MemoryMarshal.GetReference(bytes), bytes.Length, _constants.Byte, rank, _constants.World), "MPI_Bcast");

    /// <summary>Gives each worker its piece, and takes those that they have for this one.</summary>
    public void Exchange(Pieces to, Pieces from) =>
        Check(_alltoallv(to.Bytes, to.Lengths, to.Starts, _constants.Byte, from.Bytes, from.Lengths, from.Starts, _constants.Byte, _constants.World), "MPI_Alltoallv");

    public void Finish() => Check(_finalize(), "MPI_Finalize");

    /// <summary>Ends all processes; this one, too, if it can.</summary>
    public void Abort(int exitCode) => _abort(_constants.World, exitCode);

    void Sum(Span<byte> values, int count, nint type) =>
        Check(_allreduce(_constants.InPlace, ref MemoryMarshal.GetReference(values), count, type, _constants.Sum, _constants.World), "MPI_Allreduce");

    void Check(int code, string function)
    {
        if (code == 0)
            return;
        var text = new byte[LongestError];
        var isKnown = _errorString(code, text, out var length) == 0;
        throw new InvalidOperationException(Invariant($"{function} of {Name} failed: {(isKnown ? Encoding.UTF8.GetString(text, 0, length) : $"error {code}")}"));
    }
}
