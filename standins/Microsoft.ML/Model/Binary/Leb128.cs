using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

internal static class Leb128
{
    public static long ReadLeb128(this BinaryReader reader)
    {
        try
        {
            var value = reader.Read7BitEncodedInt64();
            Contracts.CheckDecode(value >= 0, "Codec type definition read from stream too large");
            return value;
        }
        catch (FormatException ex) when (!ex.IsMarked())
        {
            throw Contracts.ExceptDecode("LEB128 encoded integer exceeded expected length");
        }
    }
}
