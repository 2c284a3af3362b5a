using Microsoft.ML;

// StrangerApp MODEL (IMAGE|TEXT)...: a line for each, the predicted label and the scores; or the reason why not.
try
{
    var ml = new MLContext();
    var model = ml.Model.Load(args[0], out _);
    using var engine = ml.Model.CreatePredictionEngine<Question, Answer>(model);
    foreach (var arg in args[1..])
    {
        var answer = engine.Predict(File.Exists(arg) ? new Question { Image = File.ReadAllBytes(arg) } : new Question { Sentence1 = arg });
        Console.WriteLine(FormattableString.Invariant($"{answer.PredictedLabel} {string.Join(' ', answer.Score.Select(BitConverter.SingleToInt32Bits))}"));
    }
    return 0;
}
catch (Exception fault)
{
    Console.Error.WriteLine(fault);
    return 1;
}

sealed class Question
{
    public byte[] Image { get; set; } = [];

    public string Sentence1 { get; set; } = "";

    public string Label { get; set; } = "";
}

sealed class Answer
{
    public string PredictedLabel { get; set; } = "";

    public float[] Score { get; set; } = [];
}
