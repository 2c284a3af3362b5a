using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

[InternalInMlNet]
public sealed class BinarySaver
{
    private readonly IHost _host;
    private readonly CodecFactory _codecs;

    public BinarySaver(IHostEnvironment env, Arguments args)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(BinarySaver));
        _codecs = new CodecFactory(_host);
    }

    /// <summary>Writes a codec and one value in it.</summary>
    /// <returns>False if values of the type cannot be written.</returns>
    public bool TryWriteTypeAndValue<T>(Stream stream, DataViewType type, ref T value, out int bytesWritten)
    {
        _host.CheckValue(stream, nameof(stream));
        _host.CheckValue(type, nameof(type));
        _host.CheckParam(value.GetType() == type.RawType, nameof(value), "Value doesn't match type");
        bytesWritten = 0;
        if (!_codecs.TryGetCodec(type, out var codec))
            return false;
        using var block = new MemoryStream();
        _codecs.WriteCodec(block, codec);
        using (var writer = new BinaryWriter(block, Encoding.UTF8, leaveOpen: true))
            ((IValueCodec<T>)codec).Write(writer, [value]);
        block.WriteTo(stream);
        bytesWritten = (int)block.Length;
        return true;
    }

    public bool TryLoadTypeAndValue(Stream stream, out DataViewType type, out object value)
    {
        _host.CheckValue(stream, nameof(stream));
        type = null;
        value = null;
        if (!_codecs.TryReadCodec(stream, out var codec))
            return false;
        type = codec.Type;
        value = Utils.MarshalInvoke<object>(type.RawType, ReadOne<int>, codec, stream);
        return true;
    }

    private static object ReadOne<T>(IValueCodec codec, Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        return ((IValueCodec<T>)codec).Read(reader, 1)[0];
    }

    public sealed class Arguments
    {
    }
}
