namespace Microsoft.ML.SharpnessAware.Tests;

static class Encoders
{
    /// <summary>Long enough for the texts of the tests.</summary>
    const int Long = 1_000_000;

    public static ITokenEncoder Encoder(this TextTokenizer tokenizer, params string[] trainingTexts) => tokenizer.CreateEncoder(trainingTexts);

    /// <summary>All ids, special tokens included.</summary>
    public static int[] Row(this ITokenEncoder encoder, string first, string? second = null) => encoder.Encode(first, second, Long).Ids;

    /// <summary>The ids of a single text, without the special token at either end.</summary>
    public static int[] Ids(this ITokenEncoder encoder, string text) => encoder.Row(text)[1..^1];

    /// <summary>The encoder as a model file gives it back.</summary>
    public static ITokenEncoder Reloaded(this TextTokenizer tokenizer, ITokenEncoder encoder)
    {
        using var part = new MemoryStream();
        encoder.Save(part);
        part.Position = 0;
        return tokenizer.Load(part);
    }

    /// <summary>The error where the tokenizer's folder holds those files. It names the folder, whose name is another each time.</summary>
    public static void AddFiles(this ErrorText errors, string what, Func<string, TextTokenizer> tokenizer, params (string, string)[] files)
    {
        using var folder = new TokenFiles(files);
        var error = Assert.Throws<Exception>(() => tokenizer(folder.Folder).Encoder(), what);
        errors.Add(what, () => throw (Exception)Activator.CreateInstance(error.GetType(), error.Message.Replace(folder.Folder, "FOLDER"))!);
    }
}
