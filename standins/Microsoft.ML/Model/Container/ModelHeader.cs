using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The first 256 bytes of a model stream.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal partial struct ModelHeader
{
    public const int Size = 0x100;

    private const ulong SignatureValue = 0x4C45444F4D004C4D;        // ML\0MODEL
    private const ulong TailSignatureValue = 0x4D4C004D4F44454C;    // LEDOM\0LM
    private const uint VerAssemblyNameSupported = 0x00010002;
    private const uint VerWrittenCur = 0x00010002;
    private const uint VerReadableCur = 0x00010002;
    private const uint VerWeCanReadBack = 0x00010001;

    [FieldOffset(0x00)]
    public ulong Signature;
    [FieldOffset(0x08)]
    public uint VerWritten;
    [FieldOffset(0x0C)]
    public uint VerReadable;
    [FieldOffset(0x10)]
    public long FpModel;
    [FieldOffset(0x18)]
    public long CbModel;
    [FieldOffset(0x20)]
    public long FpStringTable;
    [FieldOffset(0x28)]
    public long CbStringTable;
    [FieldOffset(0x30)]
    public long FpStringChars;
    [FieldOffset(0x38)]
    public long CbStringChars;
    [FieldOffset(0x40)]
    public ulong ModelSignature;
    [FieldOffset(0x48)]
    public uint ModelVerWritten;
    [FieldOffset(0x4C)]
    public uint ModelVerReadable;
    [FieldOffset(0x50)]
    private unsafe fixed byte _loaderSignature[24];
    [FieldOffset(0x68)]
    private unsafe fixed byte _loaderSignatureAlt[24];
    [FieldOffset(0x80)]
    public long FpTail;
    [FieldOffset(0x88)]
    public long FpLim;
    [FieldOffset(0x90)]
    public long FpAssemblyName;
    [FieldOffset(0x98)]
    public uint CbAssemblyName;

    public unsafe string LoaderSignature
    {
        readonly get
        {
            fixed (byte* bytes = _loaderSignature)
                return GetSignature(new(bytes, 24));
        }
        set
        {
            fixed (byte* bytes = _loaderSignature)
                SetSignature(new(bytes, 24), value);
        }
    }

    public unsafe string LoaderSignatureAlt
    {
        readonly get
        {
            fixed (byte* bytes = _loaderSignatureAlt)
                return GetSignature(new(bytes, 24));
        }
        set
        {
            fixed (byte* bytes = _loaderSignatureAlt)
                SetSignature(new(bytes, 24), value);
        }
    }

    public void SetVersionInfo(VersionInfo version)
    {
        ModelSignature = version.ModelSignature;
        ModelVerWritten = version.VerWrittenCur;
        ModelVerReadable = version.VerReadableCur;
        LoaderSignature = version.LoaderSignature;
        LoaderSignatureAlt = version.LoaderSignatureAlt;
    }

    public readonly void CheckVersionInfo(VersionInfo version)
    {
        Contracts.CheckDecode(ModelSignature == version.ModelSignature, "Unknown file type");
        Contracts.CheckDecode(ModelVerReadable <= ModelVerWritten, "Corrupt file header");
        if (ModelVerReadable > version.VerWrittenCur)
            throw WrongVersion("cannont read", "too new", " or older", "Maximum", version);
        if (ModelVerWritten < version.VerWeCanReadBack)
            throw WrongVersion("cannot read", "too old", "", "Minimum", version);
    }

    // The texts are ML.NET's own, with its spelling.
    private readonly Exception WrongVersion(string cannotRead, string tooWhat, string orOlder, string bound, VersionInfo version)
    {
        var product = typeof(VersionInfo).Assembly.GetName().Version;
        return Contracts.ExceptDecode(
            $"Cause: ML.NET {product} {cannotRead} component '{version.LoaderSignature}' of the model, because the model is {tooWhat}.\n"
            + $"Suggestion: Make sure the model is trained with ML.NET {product}{orOlder}.\n"
            + $"Debug details: {bound} expected version {ModelVerReadable}, got {version.VerWrittenCur}.");
    }

    private static string GetSignature(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes.TrimEnd((byte)0));

    private static void SetSignature(Span<byte> bytes, string value)
    {
        value ??= "";
        Contracts.Check(value.Length <= bytes.Length);
        Contracts.Check(value.All(c => c <= 0xFF));
        bytes.Clear();
        Encoding.Latin1.GetBytes(value, bytes);
    }
}
