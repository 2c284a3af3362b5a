namespace Microsoft.ML.Data;

/// <summary>Keys of any width as the widest.</summary>
internal static class KeyWidening
{
    public static Func<T, ulong> Of<T>()
    {
        Delegate widen = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.Byte => (byte key) => (ulong)key,
            TypeCode.UInt16 => (ushort key) => (ulong)key,
            TypeCode.UInt32 => (uint key) => (ulong)key,
            TypeCode.UInt64 => (ulong key) => key,
            _ => throw new NotSupportedException($"'{typeof(T)}' is no type of keys."),
        };
        return (Func<T, ulong>)widen;
    }
}
