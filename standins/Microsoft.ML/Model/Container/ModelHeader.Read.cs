using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal partial struct ModelHeader
{
    /// <summary>Reads and checks header, strings and tail; leaves the reader at the body.</summary>
    public static ModelHeader BeginRead(BinaryReader reader, out long start, out string[] strings, out string loaderAssemblyName)
    {
        start = reader.BaseStream.Position;
        var bytes = reader.ReadBytes(Size);
        Contracts.CheckDecode(bytes.Length == Size);
        var header = MemoryMarshal.Read<ModelHeader>(bytes);
        header.Check(reader.BaseStream.Length - start);
        strings = header.ReadStrings(reader, start);
        loaderAssemblyName = header.ReadAssemblyName(reader, start);
        reader.BaseStream.Position = start + header.FpTail;
        Contracts.CheckDecode(reader.ReadUInt64() == TailSignatureValue, "Corrupt model file tail");
        reader.BaseStream.Position = start + header.FpModel;
        return header;
    }

    public readonly void EndRead(BinaryReader reader, long start)
    {
        Contracts.CheckDecode(start + FpModel + CbModel == reader.BaseStream.Position);
        reader.BaseStream.Position = start + FpLim;
    }

    private readonly bool HasAssemblyName => VerWritten >= VerAssemblyNameSupported && FpAssemblyName != 0;

    private readonly void Check(long size)
    {
        Contracts.CheckDecode(Signature == SignatureValue, "Wrong file type");
        Contracts.CheckDecode(VerReadable <= VerWritten, "Corrupt file header");
        Contracts.CheckDecode(VerReadable <= VerWrittenCur, "File is too new");
        Contracts.CheckDecode(VerWritten >= VerWeCanReadBack, "File is too old");
        Contracts.CheckDecode(FpModel == Size);
        Contracts.CheckDecode(CbModel >= 0 && FpModel + CbModel >= FpModel);
        var end = CheckStrings(FpModel + CbModel);
        if (HasAssemblyName)
        {
            Contracts.CheckDecode(FpAssemblyName == end);
            Contracts.CheckDecode(CbAssemblyName % sizeof(char) == 0);
            end += CbAssemblyName;
        }
        else
        {
            Contracts.CheckDecode(VerWritten < VerAssemblyNameSupported || CbAssemblyName == 0);
        }
        Contracts.CheckDecode(FpTail == end);
        Contracts.CheckDecode(FpLim == FpTail + sizeof(ulong));
        Contracts.CheckDecode(size == 0 || size >= FpLim);
    }

    private readonly long CheckStrings(long start)
    {
        if (FpStringTable == 0)
        {
            Contracts.CheckDecode(CbStringTable == 0 && FpStringChars == 0 && CbStringChars == 0);
            return start;
        }
        Contracts.CheckDecode(FpStringTable == start);
        Contracts.CheckDecode(CbStringTable > 0 && CbStringTable % sizeof(long) == 0 && CbStringTable / sizeof(long) < int.MaxValue);
        Contracts.CheckDecode(FpStringChars == FpStringTable + CbStringTable);
        Contracts.CheckDecode(CbStringChars >= 0 && CbStringChars % sizeof(char) == 0);
        return FpStringChars + CbStringChars;
    }

    private readonly string[] ReadStrings(BinaryReader reader, long start)
    {
        if (FpStringTable == 0)
            return null;
        reader.BaseStream.Position = start + FpStringTable;
        var ends = new long[CbStringTable / sizeof(long)];
        for (var i = 0; i < ends.Length; i++)
            ends[i] = reader.ReadInt64();
        Contracts.CheckDecode(ends[^1] == CbStringChars);
        var strings = new string[ends.Length];
        var begin = 0L;
        for (var i = 0; i < ends.Length; i++)
        {
            Contracts.CheckDecode(begin <= ends[i] && ends[i] <= CbStringChars);
            Contracts.CheckDecode(ends[i] % sizeof(char) == 0);
            strings[i] = ReadCharacters(reader, ends[i] - begin);
            begin = ends[i];
        }
        return strings;
    }

    private readonly string ReadAssemblyName(BinaryReader reader, long start)
    {
        if (!HasAssemblyName)
            return null;
        reader.BaseStream.Position = start + FpAssemblyName;
        return ReadCharacters(reader, CbAssemblyName);
    }

    private static string ReadCharacters(BinaryReader reader, long byteCount)
    {
        var bytes = reader.ReadBytes(checked((int)byteCount));
        if (bytes.Length < byteCount)
            throw new EndOfStreamException();
        return new string(MemoryMarshal.Cast<byte, char>(bytes));
    }
}
