namespace Microsoft.ML.Data;

[InternalInMlNet]
public static class InternalDataKindExtensions
{
    private static readonly (InternalDataKind Kind, Type Type)[] _kinds =
    [
        (InternalDataKind.I1, typeof(sbyte)),
        (InternalDataKind.U1, typeof(byte)),
        (InternalDataKind.I2, typeof(short)),
        (InternalDataKind.U2, typeof(ushort)),
        (InternalDataKind.I4, typeof(int)),
        (InternalDataKind.U4, typeof(uint)),
        (InternalDataKind.I8, typeof(long)),
        (InternalDataKind.U8, typeof(ulong)),
        (InternalDataKind.R4, typeof(float)),
        (InternalDataKind.R8, typeof(double)),
        (InternalDataKind.TX, typeof(ReadOnlyMemory<char>)),
        (InternalDataKind.BL, typeof(bool)),
        (InternalDataKind.TS, typeof(TimeSpan)),
        (InternalDataKind.DT, typeof(DateTime)),
        (InternalDataKind.DZ, typeof(DateTimeOffset)),
        (InternalDataKind.UG, typeof(DataViewRowId)),
    ];

    private static readonly Dictionary<Type, InternalDataKind> _kindOfType = _kinds.ToDictionary(x => x.Type, x => x.Kind);

    private static readonly Dictionary<InternalDataKind, Type> _typeOfKind = _kinds.ToDictionary(x => x.Kind, x => x.Type);

    public static InternalDataKind ToInternalDataKind(this DataKind dataKind) => (InternalDataKind)dataKind;

    public static DataKind ToDataKind(this InternalDataKind kind)
        => kind == InternalDataKind.UG ? throw new InvalidOperationException() : (DataKind)kind;

    public static Type ToType(this InternalDataKind kind) => _typeOfKind.GetValueOrDefault(kind);

    public static bool TryGetDataKind(this Type type, out InternalDataKind kind)
    {
        if (type == typeof(string))
            type = typeof(ReadOnlyMemory<char>);
        kind = default;
        return type != null && _kindOfType.TryGetValue(type, out kind);
    }

    public static ulong ToMaxInt(this InternalDataKind kind) => kind.ToType()?.ToMaxInt() ?? 0;

    public static ulong ToMaxInt(this Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.SByte => (ulong)sbyte.MaxValue,
        TypeCode.Byte => byte.MaxValue,
        TypeCode.Int16 => (ulong)short.MaxValue,
        TypeCode.UInt16 => ushort.MaxValue,
        TypeCode.Int32 => int.MaxValue,
        TypeCode.UInt32 => uint.MaxValue,
        TypeCode.Int64 => long.MaxValue,
        TypeCode.UInt64 => ulong.MaxValue,
        _ => 0,
    };

    public static string GetString(this InternalDataKind kind) => Enum.IsDefined(kind) ? kind.ToString() : "";
}
