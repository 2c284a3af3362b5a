using Microsoft.ML;

// StrangerApp MODEL IMAGE...: a line per image, the predicted label and the scores; or the reason why not.
try
{
    var ml = new MLContext();
    var model = ml.Model.Load(args[0], out _);
    using var engine = ml.Model.CreatePredictionEngine<Picture, Answer>(model);
    foreach (var file in args[1..])
    {
        var answer = engine.Predict(new Picture { Image = File.ReadAllBytes(file) });
        Console.WriteLine(FormattableString.Invariant($"{answer.PredictedLabel} {string.Join(' ', answer.Score.Select(BitConverter.SingleToInt32Bits))}"));
    }
    return 0;
}
catch (Exception fault)
{
    Console.Error.WriteLine(fault);
    return 1;
}

sealed class Picture
{
    public byte[] Image { get; set; } = [];

    public string Label { get; set; } = "";
}

sealed class Answer
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
