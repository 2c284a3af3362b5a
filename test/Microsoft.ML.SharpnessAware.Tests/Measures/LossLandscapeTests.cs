namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LossLandscapeTests
{
    [TestMethod]
    public void Line_is_the_loss_along_a_filter_normalised_direction()
    {
        var line = Sample(Matrix(), o => (o.Dimensions, o.Points) = (1, 5));

        Near.Equal([-1, -0.5, 0, 0.5, 1], [.. line.Alphas], tolerance: 0);
        Near.Equal([0], [.. line.Betas], tolerance: 0);
        Assert.IsNull(line.Cosine);
        Assert.AreEqual(29, line.Losses[2][0], "at w itself");

        // ‖w + d‖² + ‖w − d‖² = 2‖w‖² + 2‖d‖², and d is as long as w.
        Assert.AreEqual(4 * 29, line.Losses[0][0] + line.Losses[4][0], 1e-8, "the floor under the norm is 1e-10");
    }

    [TestMethod]
    public void Plane_is_spanned_by_two_directions_and_goes_through_their_lines()
    {
        var line = Sample(Matrix(), o => (o.Dimensions, o.Points) = (1, 5));
        var plane = Sample(Matrix(), o => (o.Dimensions, o.Points, o.Reach) = (2, 5, 1));

        for (var i = 0; i < 5; i++)
            Assert.AreEqual(line.Losses[i][0], plane.Losses[i][2], 1e-13, "to rounding");
        // With d and e as long as w, ‖w + d + e‖² + ‖w − d − e‖² = 2‖w‖² + 2(‖w‖² + ‖w‖² + 2 d·e).
        Assert.AreEqual(2 * 29 + 4 * 29 * (1 + plane.Cosine!.Value), plane.Losses[0][0] + plane.Losses[4][4], 1e-7, "the floor under the norm is 1e-10");
    }

    [TestMethod]
    public void Biases_stay_where_they_are_or_move_along_themselves()
    {
        Assert.AreEqual(49, Sample(Bias(), o => (o.Dimensions, o.Points) = (1, 3)).Losses[2][0]);
        Assert.AreEqual(4 * 49, Sample(Bias(), o => (o.Dimensions, o.Points, o.MoveBiases) = (1, 3, true)).Losses[2][0]);
    }

    [TestMethod]
    public void WriteCsv_writes_a_line_for_each_point()
    {
        using var writer = new StringWriter();
        Flat([0], cosine: null).WriteCsv(writer);
        writer.Write("\n");
        Flat([-1, 1], cosine: 0.01).WriteCsv(writer);
        Golden.Matches("Measures/Landscapes.csv", writer.ToString());
    }

    [TestMethod]
    public void WriteCsv_replaces_a_file_by_a_complete_one_and_leaves_nothing_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "landscape.csv");
            File.WriteAllText(path, "what was there before");
            Flat([0], cosine: null).WriteCsv(path);

            using var writer = new StringWriter();
            Flat([0], cosine: null).WriteCsv(writer);
            Assert.AreEqual(writer.ToString(), File.ReadAllText(path));
            Assert.HasCount(1, folder.GetFiles());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // The squared norm of a matrix with rows (3, 4) and (0, 2).
    static (Toy, Func<Tensor>) Matrix()
    {
        var toy = new Toy(("weight", [3.0, 4, 0, 2], new long[] { 2, 2 }));
        return (toy, () => toy.W.square().sum());
    }

    static (Toy, Func<Tensor>) Bias()
    {
        var toy = Toy.At(7);
        return (toy, () => toy.W.square().sum());
    }

    static LossLandscape Flat(double[] betas, double? cosine) => new()
    {
        Rows = 3,
        Alphas = [-0.1, 0.1],
        Betas = betas,
        Losses = [betas.Select(_ => 1.0 / 3).ToArray(), betas.Select(_ => 1e-20).ToArray()],
        Cosine = cosine,
    };

    static LossLandscape Sample((Toy Toy, Func<Tensor> Loss) network, Action<LossLandscapeOptions> change)
    {
        using var toy = network.Toy;
        using var formula = new FormulaSurface(toy, network.Loss);
        var options = new LossLandscapeOptions();
        change(options);
        return LandscapeSampler.Sample(formula.Surface, options, new Seeds(1));
    }
}
