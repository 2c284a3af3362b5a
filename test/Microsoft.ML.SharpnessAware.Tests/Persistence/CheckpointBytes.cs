using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Checkpoint files as others may write them.</summary>
static class CheckpointBytes
{
    const string Checksum = "\"sha256\":\"";

    /// <summary>The file as a newer library would write it, with the checksum that it has then.</summary>
    public static byte[] OfNewerFormat(byte[] file) => OfFormat(5, file);

    /// <summary>The file as it was written before the filters of convolutions lay with their channels last.</summary>
    public static byte[] OfOlderFormat(byte[] file) => OfFormat(1, file);

    static byte[] OfFormat(int format, byte[] file)
    {
        var text = Encoding.Latin1.GetString(file);
        var newer = text.Replace("\"format\":\"4\"", $"\"format\":\"{format}\"");
        Assert.AreNotEqual(text, newer);
        var place = newer.IndexOf(Checksum, StringComparison.Ordinal) + Checksum.Length;
        var (before, after) = (newer[..place], newer[(place + 64)..]);
        var digest = SHA256.HashData(Encoding.Latin1.GetBytes(before + new string('0', 64) + after));
        return Encoding.Latin1.GetBytes(before + Convert.ToHexStringLower(digest) + after);
    }
}
