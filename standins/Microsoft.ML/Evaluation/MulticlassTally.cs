namespace Microsoft.ML.Data;

/// <summary>What the rows seen so far add up to.</summary>
internal sealed class MulticlassTally
{
    private const float SmallestProbability = 1e-15f;

    private readonly float[] _scores;
    private readonly double[] _rowsOfClass;
    private readonly double[] _lossOfClass;
    private readonly double[] _rowsOfRank;
    private double _rows;
    private double _correct;
    private double _loss;

    public MulticlassTally(int classCount)
    {
        _scores = new float[classCount];
        _rowsOfClass = new double[classCount];
        _lossOfClass = new double[classCount];
        _rowsOfRank = new double[classCount + 1];
        Confusion = new double[classCount][];
        for (var i = 0; i < classCount; i++)
            Confusion[i] = new double[classCount];
    }

    public int ClassCount => _scores.Length;

    /// <summary>Rows by true class, then by predicted class.</summary>
    public double[][] Confusion { get; }

    public double MicroAccuracy => _rows > 0 ? _correct / _rows : 0;

    public double MacroAccuracy
        => Enumerable.Range(0, ClassCount)
            .Where(i => _rowsOfClass[i] > 0)
            .Select(i => Confusion[i][i] / _rowsOfClass[i])
            .DefaultIfEmpty(0)
            .Average();

    public double LogLoss => _rows > 0 ? _loss / _rows : 0;

    public double[] PerClassLogLoss => [.. _lossOfClass.Zip(_rowsOfClass, (loss, rows) => rows > 0 ? loss / rows : 0)];

    public double LogLossReduction
    {
        get
        {
            var entropy = 0.0;
            foreach (var rows in _rowsOfClass.Where(rows => rows != 0))
                entropy += rows * Math.Log(rows / _rows);
            entropy /= -_rows;
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] TopKAccuracies(int k)
    {
        var accuracies = new double[Math.Min(k, _rowsOfRank.Length)];
        var sum = 0.0;
        for (var rank = 0; rank < accuracies.Length; rank++)
            accuracies[rank] = sum += _rowsOfRank[rank] / _rows;
        return accuracies;
    }

    /// <summary>Counts one row; scores that are not finite are not counted.</summary>
    public void Add(int label, in VBuffer<float> scores)
    {
        foreach (var score in scores.GetValues())
        {
            if (!float.IsFinite(score))
                return;
        }

        scores.CopyTo(_scores);
        var isKnown = label < ClassCount;
        var probability = isKnown ? Math.Min(1, Math.Max(SmallestProbability, _scores[label])) : SmallestProbability;
        var loss = -Math.Log(probability);
        var rank = RankOf(label, isKnown ? _scores[label] : 0, out var predicted);
        _rows++;
        _loss += loss;
        _rowsOfRank[rank]++;
        if (rank == 0)
            _correct++;
        if (!isKnown)
            return;
        _rowsOfClass[label]++;
        _lossOfClass[label] += loss;
        Confusion[label][rank == 0 ? label : predicted]++;
    }

    /// <summary>How many classes come before the true one; of equal scores the earlier class comes first.</summary>
    private int RankOf(int label, float trueScore, out int predicted)
    {
        var rank = 0;
        predicted = 0;
        for (var i = 0; i < _scores.Length; i++)
        {
            if (_scores[i] > trueScore || (_scores[i] == trueScore && i < label))
                rank++;
            if (_scores[predicted] < _scores[i])
                predicted = i;
        }

        return rank;
    }
}
