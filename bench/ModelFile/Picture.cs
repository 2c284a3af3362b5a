namespace ModelFile;

/// <summary>A small picture with a label.</summary>
sealed class Picture
{
    public byte[] Image { get; set; } = [];

    public string Label { get; set; } = "";

    /// <summary>The number-th of pictures in two classes, as a BMP file.</summary>
    public static Picture Of(int number, int size)
    {
        var rowSize = (3 * size + 3) / 4 * 4;
        var file = new byte[54 + rowSize * size];
        (file[0], file[1], file[10], file[14], file[26], file[28]) = ((byte)'B', (byte)'M', 54, 40, 1, 24);
        BitConverter.TryWriteBytes(file.AsSpan(2), file.Length);
        BitConverter.TryWriteBytes(file.AsSpan(18), size);
        BitConverter.TryWriteBytes(file.AsSpan(22), size);
        for (var y = 0; y < size; y++)
            for (var x = 0; x < 3 * size; x++)
                file[54 + y * rowSize + x] = (byte)((number % 2 == 0 ? x / 3 : y) % 4 < 2 ? 20 + number % 100 : 220 - x % 3);
        return new Picture { Image = file, Label = number % 2 == 0 ? "down" : "across" };
    }
}

/// <summary>What a model says of a picture.</summary>
sealed class Answer
{
    public float[] Score { get; set; } = [];
}
