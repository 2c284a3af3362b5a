using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Finds the codec of a type, or the codec that a stream describes: name, parameters' length, parameters.</summary>
internal sealed class CodecFactory
{
    private readonly Dictionary<string, IValueCodec> _simpleByName = [];
    private readonly Dictionary<Type, IValueCodec> _simpleByType = [];
    private readonly IHost _host;

    public CodecFactory(IHostEnvironment env)
    {
        _host = env.Register("CodecFactory");
        Register(new PlainCodec<sbyte>(NumberDataViewType.SByte));
        Register(new PlainCodec<byte>(NumberDataViewType.Byte));
        Register(new PlainCodec<short>(NumberDataViewType.Int16));
        Register(new PlainCodec<ushort>(NumberDataViewType.UInt16));
        Register(new PlainCodec<int>(NumberDataViewType.Int32));
        Register(new PlainCodec<uint>(NumberDataViewType.UInt32));
        Register(new PlainCodec<long>(NumberDataViewType.Int64));
        Register(new PlainCodec<ulong>(NumberDataViewType.UInt64));
        Register(new PlainCodec<float>(NumberDataViewType.Single));
        Register(new PlainCodec<double>(NumberDataViewType.Double));
        Register(new PlainCodec<TimeSpan>(TimeSpanDataViewType.Instance));
        Register(new PlainCodec<DataViewRowId>(RowIdDataViewType.Instance));
        Register(new TextCodec());
        Register(new BoolCodec());
        Register(new DateTimeCodec());
        Register(new DateTimeOffsetCodec());
    }

    public bool TryGetCodec(DataViewType type, out IValueCodec codec)
    {
        if (type is VectorDataViewType vector)
        {
            codec = TryGetCodec(vector.ItemType, out var item) ? Make(typeof(VBufferCodec<>), vector.ItemType, vector, item) : null;
            return codec != null;
        }
        if (type is KeyDataViewType)
        {
            codec = Make(typeof(KeyCodec<>), type, type, _simpleByType[type.RawType]);
            return true;
        }
        return _simpleByType.TryGetValue(type.RawType, out codec);
    }

    public void WriteCodec(Stream stream, IValueCodec codec)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        WriteCodec(writer, codec);
    }

    public static void WriteCodec(BinaryWriter writer, IValueCodec codec)
    {
        using var parameters = new MemoryStream();
        using (var parameterWriter = new BinaryWriter(parameters, Encoding.UTF8, leaveOpen: true))
            codec.WriteParameters(parameterWriter);
        writer.Write(codec.LoadName);
        writer.Write7BitEncodedInt64(parameters.Length);
        writer.Write(parameters.ToArray());
    }

    public bool TryReadCodec(Stream stream, out IValueCodec codec)
    {
        using var channel = _host.Start("TryGetCodec");
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var name = reader.ReadString();
        Contracts.CheckDecode(!string.IsNullOrEmpty(name), "Non-empty signature string expected");
        var length = reader.ReadLeb128();
        var start = stream.Position;
        if (stream.Length - start < length)
        {
            throw channel.ExceptDecode(
                "Codec type definition supposedly has {0} bytes, but end-of-stream reached after {1} bytes",
                length,
                stream.Length - start);
        }
        if (!IsKnown(name))
        {
            stream.Position += length;
            codec = null;
            if (length > 0)
                channel.Warning("Did not recognize value codec signature '{0}'", name);
            return false;
        }
        var found = TryReadParameters(name, reader, out codec);
        if (stream.Position - start != length)
        {
            throw channel.ExceptDecode(
                "Codec type definition supposedly has {0} bytes, but the handler consumed {1}",
                length,
                stream.Position - start);
        }
        return found;
    }

    private bool IsKnown(string name) => name is "VBuffer" or "Key2" || _simpleByName.ContainsKey(name);

    private bool TryReadParameters(string name, BinaryReader reader, out IValueCodec codec)
    {
        if (_simpleByName.TryGetValue(name, out codec))
            return true;
        if (!TryReadCodec(reader.BaseStream, out var item))
            return false;
        Contracts.CheckDecode(item.Type is PrimitiveDataViewType);
        codec = name == "VBuffer" ? ReadVector(reader, item) : ReadKey(reader, item);
        return true;
    }

    private static IValueCodec ReadVector(BinaryReader reader, IValueCodec item)
    {
        var rank = reader.ReadInt32();
        Contracts.CheckDecode(rank >= 0);
        var dimensions = new int[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = reader.ReadInt32();
            Contracts.CheckDecode(dimensions[i] >= 0);
        }
        var itemType = (PrimitiveDataViewType)item.Type;
        var type = rank > 0 ? new VectorDataViewType(itemType, dimensions) : new VectorDataViewType(itemType);
        return Make(typeof(VBufferCodec<>), itemType, type, item);
    }

    private static IValueCodec ReadKey(BinaryReader reader, IValueCodec item)
    {
        Contracts.CheckDecode(KeyDataViewType.IsValidDataType(item.Type.RawType));
        var count = reader.ReadUInt64();
        Contracts.CheckDecode(0 < count && count <= item.Type.RawType.ToMaxInt());
        return Make(typeof(KeyCodec<>), item.Type, new KeyDataViewType(item.Type.RawType, count), item);
    }

    private void Register(IValueCodec codec)
    {
        _simpleByName.Add(codec.LoadName, codec);
        _simpleByType.Add(codec.Type.RawType, codec);
    }

    private static IValueCodec Make(Type codec, DataViewType itemType, DataViewType type, IValueCodec item)
        => (IValueCodec)Activator.CreateInstance(codec.MakeGenericType(itemType.RawType), type, item);
}
