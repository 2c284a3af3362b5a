namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PositionGridTests
{
    // From PyTorch 1.13: interpolate(x, size=(h, w), mode="bicubic", antialias=True), as timm has it, of sin(0.7 i) in float64.
    static readonly double[] Larger =
    [
        0.0113628312468944, 0.758621666822037, 0.774561906477412, 0.964074453826227, 0.883154941499479, 0.423642877066557, 0.269063561391128, -0.523869534346303,
        -0.424237442071194, -0.0154871297968422, 0.103803601689286, 0.415024948941001, 0.504722621976249, 0.492790379499325, 0.527178311578809, 0.169057009988813,
        -0.884129234665744, -1.03465310211508, -0.811343660721993, -0.424307627798918, -0.133571383905579, 0.449475610032356, 0.724283409585489, 1.03891062442736,
        0.24887801622281, -0.189727409916625, -0.264726635258834, -0.499182715788331, -0.531215356604927, -0.403640759944074, -0.383522929677046, 0.0370019726397215,
        1.05442549516444, 0.488618165187852, 0.203485836319216, -0.452585749704435, -0.722139089825946, -0.965470744980244, -1.14216307295909, -0.728502598917688,
    ];

    static readonly double[] Smaller =
    [
        -0.0806813092515735, 0.479259305449095, 0.792340464214479, 0.545839960715484, -0.273745684378882, -0.723422547158012,
        -0.817543726394246, -0.491277279429903, 0.355837249434787, 0.732181484277551, 0.658371839768546, 0.163760392454241,
    ];

    // Sums are added up in another order there.
    const double Rounding = 1e-13;

    [TestMethod]
    public void Resized_to_more_places_is_what_timm_gets() => Near.Equal(Larger, Resized(side: 3, height: 5, width: 4), Rounding);

    [TestMethod]
    public void Resized_to_fewer_places_is_what_timm_gets() => Near.Equal(Smaller, Resized(side: 4, height: 2, width: 3), Rounding);

    [TestMethod]
    public void Resized_to_the_same_places_changes_nothing() => Near.Equal(Grid(3), Resized(side: 3, height: 3, width: 3), 0);

    [TestMethod]
    [DataRow(196L, 14)]
    [DataRow(1L, 1)]
    [DataRow(195L, null)]
    public void SideOf_is_the_root_of_squares(long patches, int? side) => Assert.AreEqual(side, PositionGrid.SideOf(patches));

    [TestMethod]
    [DataRow(1, 32, 32)]
    [DataRow(1, 16, 48)]
    public void Build_brings_the_files_positions_to_the_size_of_the_images(int channels, int height, int width)
    {
        var network = new ViTTiny(PatchSize: 8);
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var scope = NewDisposeScope();
        using var file = new WeightsFile(network, new ImageShape(channels, 24, 24), classes: 2);
        var log = new List<string>();

        using var module = file.Reader.Build(new ImageShape(channels, height, width), classes: 2, log.Add);

        var state = module.state_dict();
        var patches = height / 8 * (width / 8);
        var expected = PositionGrid.Resized(file.Tensors["pos_embed"], height / 8, width / 8);
        Assert.AreSequenceEqual([1, 1 + patches, 192], state["pos_embed"].shape);
        Assert.IsTrue(expected.eq(state["pos_embed"]).all().ToBoolean());
        Assert.IsTrue(file.Tensors["norm.weight"].eq(state["norm.weight"]).all().ToBoolean());
        Assert.AreEqual($"Read {state.Count} tensors from '{file.Path}'. 'pos_embed' was brought from [1, 10, 192] to [1, {1 + patches}, 192].", log.Single());
    }

    static double[] Resized(int side, int height, int width)
    {
        using var scope = NewDisposeScope();
        var positions = cat([full(1, 1, 2, 7.0, dtype: ScalarType.Float64), tensor(Grid(side), [1, side * side, 2])], 1);
        var resized = PositionGrid.Resized(positions, height, width);
        Assert.AreSequenceEqual([1, 1 + height * width, 2], resized.shape);
        var values = resized.flatten().data<double>().ToArray();
        Assert.AreSequenceEqual([7.0, 7.0], values[..2]);
        return values[2..];
    }

    static double[] Grid(int side) => [.. Enumerable.Range(0, 2 * side * side).Select(i => Math.Sin(0.7 * i))];
}
