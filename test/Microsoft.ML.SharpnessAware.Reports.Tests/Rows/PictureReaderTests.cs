using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware.Tests;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class PictureReaderTests
{
    [TestMethod]
    public void Open_reads_files_and_gives_null_for_what_is_none()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable([new PictureRow { Image = SamplePictures.Png(1) }, new PictureRow { Image = [1, 2, 3] }, new PictureRow { Image = [] }]);

        Assert.AreSequenceEqual(new (int, int)?[] { (24, 24), null, null }, SizesIn(data, "Image"));
    }

    // EXIF 2.3, tag Orientation: where the stored first row and first column are to be seen.
    [TestMethod]
    [DataRow(1, "top left", "top right")]
    [DataRow(2, "top right", "top left")]
    [DataRow(3, "bottom right", "bottom left")]
    [DataRow(4, "bottom left", "bottom right")]
    [DataRow(5, "top left", "bottom left")]
    [DataRow(6, "top right", "bottom right")]
    [DataRow(7, "bottom right", "top right")]
    [DataRow(8, "bottom left", "top left")]
    public void Decode_turns_pictures_upright(int orientation, string white, string grey)
    {
        // 32×16 pixels, in quarters: the stored one at the top left is white, that at the top right grey.
        var stored = TestImages.JpegOf(32, 16, (x, y) => y >= 8 ? (0, 0, 0) : x < 16 ? (255, 255, 255) : (128, 128, 128));

        using var picture = PictureReader.Decode(TestImages.WithOrientation(stored, (byte)orientation))!;

        Assert.AreEqual(orientation < 5 ? (32, 16) : (16, 32), (picture.Width, picture.Height));
        Assert.AreEqual(255, LevelAt(white), 8, "a JPEG's losses");
        Assert.AreEqual(128, LevelAt(grey), 8, "a JPEG's losses");

        double LevelAt(string corner) => picture.GetPixel(
            picture.Width * (corner.EndsWith("left", StringComparison.Ordinal) ? 1 : 3) / 4,
            picture.Height * (corner.StartsWith("top", StringComparison.Ordinal) ? 1 : 3) / 4).Green;
    }

    [TestMethod]
    public void Open_reads_vectors_of_floats_in_the_shape_of_their_type()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable([new Floats { Wide = new float[2 * 3], Color = new float[3 * 2 * 4], Square = new float[16], Odd = new float[7] }]);

        Assert.AreSequenceEqual(new (int, int)?[] { (3, 2) }, SizesIn(data, "Wide"));
        Assert.AreSequenceEqual(new (int, int)?[] { (4, 2) }, SizesIn(data, "Color"));
        Assert.AreSequenceEqual(new (int, int)?[] { (4, 4) }, SizesIn(data, "Square"));
        Assert.AreSequenceEqual(new (int, int)?[] { null }, SizesIn(data, "Odd"));
    }

    [TestMethod]
    public void FloatPicture_runs_from_the_smallest_number_to_the_largest()
    {
        using var picture = FloatPicture.Of([-1, 0, 1, 3], new VectorDataViewType(NumberDataViewType.Single, 2, 2))!;

        Assert.AreSequenceEqual(new byte[] { 0, 63, 127, 255 }, picture.Pixels.Select(pixel => pixel.Red));
        Assert.IsNull(FloatPicture.Of([1, float.NaN, 1, 3], new VectorDataViewType(NumberDataViewType.Single, 2, 2)));
    }

    static (int, int)?[] SizesIn(IDataView data, string column)
    {
        using var cursor = data.GetRowCursor([data.Schema[column]]);
        var read = PictureReader.Open(cursor, data.Schema[column]);
        var sizes = new List<(int, int)?>();
        while (cursor.MoveNext())
        {
            using var picture = read();
            sizes.Add(picture is null ? null : (picture.Width, picture.Height));
        }
        return [.. sizes];
    }

    sealed class Floats
    {
        [VectorType(2, 3)]
        public float[] Wide { get; set; } = [];

        [VectorType(3, 2, 4)]
        public float[] Color { get; set; } = [];

        [VectorType(16)]
        public float[] Square { get; set; } = [];

        [VectorType(7)]
        public float[] Odd { get; set; } = [];
    }
}
