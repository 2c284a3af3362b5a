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
