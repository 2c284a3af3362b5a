namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class OneDnnTests
{
    static readonly (uint, uint, uint, uint) _amd = (0x10, 0x68747541, 0x444D4163, 0x69746E65);
    static readonly (uint, uint, uint, uint) _intel = (0x1B, 0x756E6547, 0x6C65746E, 0x49656E69);

    // Of an EPYC of the second generation: 32 KiB, 512 KiB and 16 MiB.
    static readonly (uint, uint, uint, uint)[] _caches = [(0x121, 0x01C0003F, 0x3F, 0), (0x122, 0x01C0003F, 0x3F, 0), (0x143, 0x01C0003F, 0x3FF, 2), (0x163, 0x03C0003F, 0x3FFF, 1)];

    [TestMethod]
    [DataRow(true, false, false)]
    [DataRow(true, true, true)]
    [DataRow(false, true, false)]
    public void MisreadsCaches_where_an_AMD_processor_does_not_tell_their_sizes(bool isAmd, bool isEmpty, bool expected) =>
        Assert.AreEqual(expected, OneDnn.MisreadsCaches((leaf, part) => leaf switch
        {
            0 => isAmd ? _amd : _intel,
            0x8000001D => isEmpty ? default : _caches[part],
            _ => throw new AssertFailedException($"asked for leaf {leaf:X}"),
        }));

    [TestMethod]
    public void MisreadsCaches_needs_a_processor_of_x86() =>
        Assert.IsFalse(OneDnn.MisreadsCaches(cpuid: null));

    // Of the shapes that are wrong, or end the process, where oneDNN takes the caches for one byte.
    [TestMethod]
    [DataRow(512, 512, 2, 1, 1)]
    [DataRow(1024, 512, 2, 1, 1)]
    [DataRow(512, 1024, 4, 1, 2)]
    [DataRow(24, 24, 8, 3, 1)]
    public void Convolutions_of_this_process_are_right_in_both_layouts(int channels, int filters, int size, int kernel, int stride)
    {
        LibtorchDoor.Open();
        using var scope = NewDisposeScope();
        var (images, weights) = (randn(12, channels, size, size, dtype: ScalarType.Float64), randn(filters, channels, kernel, kernel, dtype: ScalarType.Float64));
        var expected = Convolved(images, weights);

        var (x, w) = (images.to(ScalarType.Float32), weights.to(ScalarType.Float32));
        foreach (var found in new[] { Convolved(x, w), Convolved(ChannelsLast.Of(x), ChannelsLast.Of(w)) })
            for (var i = 0; i < expected.Length; i++)
                Assert.IsLessThan(1e-5, ((found[i] - expected[i]).abs().max() / expected[i].abs().max()).ToDouble());

        Tensor[] Convolved(Tensor inputs, Tensor filterBank)
        {
            var (input, bank) = (inputs.detach().requires_grad_(true), filterBank.detach().requires_grad_(true));
            var output = nn.functional.conv2d(input, bank, strides: [stride, stride], padding: [kernel / 2, kernel / 2]);
            output.square().sum().backward();
            return [output.detach(), input.grad!, bank.grad!];
        }
    }
}
