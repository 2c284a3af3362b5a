using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>The two parts of a split.</summary>
    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(0 < testFraction && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var test = new ValueRange(0, testFraction);
        var numbers = NumbersToSplitBy(_env, data, samplingKeyColumnName, seed);
        return new TrainTestData(numbers.Rows(test with { Complement = true }), numbers.Rows(test));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        _env.CheckValue(data, nameof(data));
        _env.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        return Folds(_env, data, numberOfFolds, samplingKeyColumnName, seed);
    }

    internal static List<TrainTestData> Folds(IHostEnvironment env, IDataView data, int numberOfFolds, string samplingKeyColumnName, int? seed)
    {
        var numbers = NumbersToSplitBy(env, data, samplingKeyColumnName, seed);
        var folds = new List<TrainTestData>();
        for (var fold = 0; fold < numberOfFolds; fold++)
        {
            // As in ML.NET, both ends of a fold belong to it.
            var test = new ValueRange((double)fold / numberOfFolds, (double)(fold + 1) / numberOfFolds, IncludeMax: true);
            folds.Add(new TrainTestData(numbers.Rows(test with { Complement = true }), numbers.Rows(test)));
        }

        return folds;
    }

    private static RowNumbers NumbersToSplitBy(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        if (samplingKeyColumnName == null)
            return RowNumbers.Random(env, data, seed ?? ((IHostEnvironmentInternal)env).Seed);
        var column = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        if (column.Type is not KeyDataViewType)
            throw new NotSupportedException($"Splitting by '{column.Name}' of type '{column.Type}' is not part of this stand-in of ML.NET: map it to a key first.");
        return RowNumbers.OfKey(env, data, column);
    }
}
