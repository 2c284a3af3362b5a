using Microsoft.ML.Data;

namespace MlnetSam.Tests;

[TestClass]
public sealed class CancellableRowsTests
{
    [TestMethod]
    public void Request_to_end_is_heeded_before_the_next_row()
    {
        using var cancellation = new CancellationTokenSource();
        var rows = new CancellableRows(new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new { Number = i }).ToArray()), cancellation.Token);
        var read = new List<int>();

        Assert.ThrowsExactly<OperationCanceledException>(() =>
        {
            foreach (var number in rows.GetColumn<int>("Number"))
            {
                read.Add(number);
                if (number == 2)
                    cancellation.Cancel();
            }
        });

        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, read);
    }
}
