using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>A schema as a binary data view of no rows.</summary>
internal static class SchemaFile
{
    public const int HeaderSize = 256;
    public const ulong Signature = 0x00425644004C4D43;      // CML\0DVB\0
    public const ulong TailSignature = 0x434D4C0044564200;  // \0BVD\0LMC
    public const ulong Version = 0x0001000100010006;
    public const ulong OldestVersion = 0x0001000100010004;

    public static void Write(IHostEnvironment env, IChannel channel, DataViewSchema schema, Stream stream)
        => new SchemaWriter(env).Write(channel, schema, stream);

    public static DataViewSchema Read(IHostEnvironment env, Stream stream) => new SchemaReader(env, stream).Read();
}
