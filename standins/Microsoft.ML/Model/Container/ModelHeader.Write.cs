using System.Runtime.InteropServices;

namespace Microsoft.ML;

internal partial struct ModelHeader
{
    /// <summary>Leaves room for the header, which is known at the end.</summary>
    public static ModelHeader BeginWrite(BinaryWriter writer, out long start)
    {
        start = writer.BaseStream.Position;
        writer.Write(new byte[Size]);
        return new ModelHeader
        {
            Signature = SignatureValue,
            VerWritten = VerWrittenCur,
            VerReadable = VerReadableCur,
            FpModel = Size,
        };
    }

    public void EndWrite(BinaryWriter writer, long start, IReadOnlyCollection<string> strings, string loaderAssemblyName)
    {
        var stream = writer.BaseStream;
        CbModel = stream.Position - start - FpModel;
        WriteStrings(writer, start, strings);
        if (!string.IsNullOrEmpty(loaderAssemblyName))
        {
            FpAssemblyName = stream.Position - start;
            CbAssemblyName = (uint)loaderAssemblyName.Length * sizeof(char);
            writer.Write(MemoryMarshal.AsBytes(loaderAssemblyName.AsSpan()));
        }
        FpTail = stream.Position - start;
        writer.Write(TailSignatureValue);
        FpLim = stream.Position - start;

        stream.Position = start;
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<ModelHeader>(ref this)));
        stream.Position = start + FpLim;
    }

    private void WriteStrings(BinaryWriter writer, long start, IReadOnlyCollection<string> strings)
    {
        if (strings.Count == 0)
            return;
        FpStringTable = writer.BaseStream.Position - start;
        foreach (var text in strings)
        {
            CbStringChars += text.Length * sizeof(char);
            writer.Write(CbStringChars);
        }
        CbStringTable = strings.Count * sizeof(long);
        FpStringChars = FpStringTable + CbStringTable;
        foreach (var text in strings)
            writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
