using System.IO.MemoryMappedFiles;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Rows of bytes, all of one size: in memory up to a budget, the rest in memory-mapped temporary files. Any thread may read and write.</summary>
internal sealed class PixelCache(int rowSize, long budget, string folder, int blockSize = PixelCache.DefaultBlockSize) : IDisposable
{
    const int DefaultBlockSize = 32 << 20;

    readonly int _rowsPerBlock = Math.Max(1, blockSize / rowSize);
    readonly List<PixelBlock> _blocks = [];
    bool _disposed;

    public int RowSize => rowSize;

    public long BytesInMemory => _blocks.OfType<MemoryBlock>().Count() * BlockBytes;

    public long BytesOnDisk => _blocks.OfType<MappedBlock>().Count() * BlockBytes;

    long BlockBytes => (long)_rowsPerBlock * rowSize;

    public void Write(int row, ReadOnlySpan<byte> pixels) => Block(row).Write(Offset(row), pixels);

    public void Read(int row, Span<byte> pixels) => Block(row).Read(Offset(row), pixels);

    public void Dispose()
    {
        lock (_blocks)
        {
            _disposed = true;
            foreach (var block in _blocks)
                block.Dispose();
            _blocks.Clear();
        }
    }

    int Offset(int row) => row % _rowsPerBlock * rowSize;

    PixelBlock Block(int row)
    {
        var index = row / _rowsPerBlock;
        lock (_blocks)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            while (_blocks.Count <= index)
                _blocks.Add(BytesInMemory + BlockBytes <= budget ? new MemoryBlock((int)BlockBytes) : new MappedBlock((int)BlockBytes, folder));
            return _blocks[index];
        }
    }
}

/// <summary>A piece of a <see cref="PixelCache"/>.</summary>
internal abstract class PixelBlock : IDisposable
{
    public abstract void Write(int offset, ReadOnlySpan<byte> bytes);

    public abstract void Read(int offset, Span<byte> bytes);

    public virtual void Dispose() { }
}

internal sealed class MemoryBlock(int size) : PixelBlock
{
    readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(size);

    public override void Write(int offset, ReadOnlySpan<byte> bytes) => bytes.CopyTo(_bytes.AsSpan(offset));

    public override void Read(int offset, Span<byte> bytes) => _bytes.AsSpan(offset, bytes.Length).CopyTo(bytes);
}

/// <summary>A memory-mapped temporary file, gone when it is closed.</summary>
internal sealed class MappedBlock : PixelBlock
{
    readonly MemoryMappedFile _file;
    readonly MemoryMappedViewStream _view;
    readonly Lock _turn = new();

    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public MappedBlock(int size, string folder)
    {
        Directory.CreateDirectory(folder);
        var stream = new FileStream(Path.Combine(folder, $"sam-pixels-{Path.GetRandomFileName()}"), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            PreallocationSize = size, // A full disk is an error here; in a mapping it would end the process.
        });
        _file = MemoryMappedFile.CreateFromFile(stream, mapName: null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewStream(0, size);
        ForgetName(stream.Name);
    }

    public override void Write(int offset, ReadOnlySpan<byte> bytes)
    {
        lock (_turn)
        {
            _view.Position = offset;
            _view.Write(bytes);
        }
    }

    public override void Read(int offset, Span<byte> bytes)
    {
        lock (_turn)
        {
            _view.Position = offset;
            _view.ReadExactly(bytes);
        }
    }

    public override void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    // Unix keeps a file without a name for as long as it is open, so that not even a killed process leaves one behind.
    static void ForgetName(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }
}
