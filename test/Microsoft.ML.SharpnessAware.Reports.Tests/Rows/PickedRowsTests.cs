using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class PickedRowsTests
{
    [TestMethod]
    public void Draw_takes_so_many_labelled_rows_by_the_seed_and_counts_all()
    {
        var ml = new MLContext(seed: 1);
        var data = Keyed(ml, [.. Enumerable.Range(0, 20).Select(i => i % 5 == 4 ? null : i % 2 == 0 ? "a" : "b")]);
        var label = LabelColumnOf(data);

        var (rows, counts) = PickedRows.Draw(data, label, classes: 2, most: 6, seed: 3, CancellationToken.None);
        var again = PickedRows.Draw(data, label, classes: 2, most: 6, seed: 3, CancellationToken.None).Rows;
        var other = PickedRows.Draw(data, label, classes: 2, most: 6, seed: 4, CancellationToken.None).Rows;

        Assert.AreEqual((6, 16, 4), (counts.Read, counts.Labelled, counts.Unlabelled));
        Assert.AreSequenceEqual(new[] { 8, 8 }, counts.OfClasses);
        Assert.HasCount(6, PositionsOf(rows));
        Assert.IsTrue(PositionsOf(rows).All(position => position % 5 != 4));
        Assert.AreSequenceEqual(PositionsOf(rows), PositionsOf(again));
        Assert.AreNotEqual(string.Join(' ', PositionsOf(rows)), string.Join(' ', PositionsOf(other)));
    }

    static IDataView Keyed(MLContext ml, string?[] labels)
    {
        var data = ml.Data.LoadFromEnumerable(labels.Select(label => new PictureRow { Label = label }).ToArray());
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    static LabelColumn LabelColumnOf(IDataView data)
    {
        using var model = new MLContext(seed: 1).MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Network = new CifarResNet(8), Epoch = 1, Augmentation = null, ValidationSetFraction = null })
            .Fit(WithPictures());
        return LabelColumn.Of(data.Schema, model.Facts);
    }

    static IDataView WithPictures()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new PictureRow { Image = SamplePictures.Png(i, 12), Label = i % 2 == 0 ? "a" : "b" }).ToArray());
        return ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
    }

    static long[] PositionsOf(IDataView rows)
    {
        var positions = new List<long>();
        using var cursor = rows.GetRowCursor([]);
        while (cursor.MoveNext())
            positions.Add(cursor.Position);
        return [.. positions];
    }
}
