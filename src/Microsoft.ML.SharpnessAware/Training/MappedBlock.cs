using System.IO.MemoryMappedFiles;

namespace Microsoft.ML.SharpnessAware;

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
