namespace WebPredict;

/// <summary>What a client is told: the likeliest class, and the probability of each, the highest first.</summary>
sealed record Answer(string Label, IReadOnlyList<ClassScore> Scores)
{
    public static Answer Of(Prediction prediction, IReadOnlyList<string> classes) =>
        new(prediction.PredictedLabel!, [.. classes.Zip(prediction.Score, (label, score) => new ClassScore(label, score)).OrderByDescending(score => score.Score)]);
}

/// <summary>The probability of a class.</summary>
sealed record ClassScore(string Label, float Score);
