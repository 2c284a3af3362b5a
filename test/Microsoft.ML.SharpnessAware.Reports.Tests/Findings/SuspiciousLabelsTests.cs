namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class SuspiciousLabelsTests
{
    [TestMethod]
    public void In_finds_rows_whose_other_class_is_as_likely_as_it_is_for_its_own()
    {
        // Class 0 has on its own rows 0.9, 0.7 and 0.2, so 0.6 on average; class 1 has 0.8, 0.6 and 0.3, so 0.5667.
        ScoredRow[] rows =
        [
            new(0, 0, [0.9f, 0.1f]), new(1, 0, [0.7f, 0.3f]), new(2, 0, [0.2f, 0.8f]),
            new(3, 1, [0.2f, 0.8f]), new(4, 1, [0.4f, 0.6f]), new(5, 1, [0.7f, 0.3f]),
        ];

        var found = SuspiciousLabels.In(rows, classes: 2);

        Assert.AreSequenceEqual(new[] { (2L, 1), (5L, 0) }, found.Select(label => (label.Row.Position, label.Suggested)));
        Assert.AreEqual(0.6, found[0].Margin, 1e-6, "float32");
    }

    [TestMethod]
    public void In_leaves_mistakes_of_little_confidence_alone()
    {
        // The row is predicted as class 1, but with less than that class has on its own row.
        ScoredRow[] rows = [new(0, 0, [0.45f, 0.55f]), new(1, 1, [0.1f, 0.9f])];

        Assert.IsEmpty(SuspiciousLabels.In(rows, classes: 2));
    }

    [TestMethod]
    public void In_suggests_no_class_without_rows()
    {
        ScoredRow[] rows = [new(0, 0, [0.1f, 0.1f, 0.8f]), new(1, 1, [0.1f, 0.8f, 0.1f])];

        Assert.IsEmpty(SuspiciousLabels.In(rows, classes: 3));
    }
}
