namespace Microsoft.ML.Data;

[InternalInMlNet]
public enum InternalDataKind : byte
{
    I1 = DataKind.SByte,
    U1 = DataKind.Byte,
    I2 = DataKind.Int16,
    U2 = DataKind.UInt16,
    I4 = DataKind.Int32,
    U4 = DataKind.UInt32,
    I8 = DataKind.Int64,
    U8 = DataKind.UInt64,
    R4 = DataKind.Single,
    R8 = DataKind.Double,
    TX = DataKind.String,
    BL = DataKind.Boolean,
    TS = DataKind.TimeSpan,
    DT = DataKind.DateTime,
    DZ = DataKind.DateTimeOffset,
    UG = 16,
}
