namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ConvolutionCheckTests
{
    static readonly ConvolutionCheck.Shape _shape = new("3×3 convolution, 12 to 24 channels", [2, 12, 4, 4], [24, 12, 3, 3]);

    [TestMethod]
    public void FaultOf_finds_none_where_float32_agrees_with_float64() =>
        Assert.IsNull(ConvolutionCheck.FaultOf(_shape));

    [TestMethod]
    [DataRow(0, "3×3 convolution, 12 to 24 channels in float32")]
    [DataRow(1, "the gradient of its input in a 3×3 convolution, 12 to 24 channels in float32")]
    [DataRow(2, "the gradient of its filters in a 3×3 convolution, 12 to 24 channels in float32")]
    public void FaultOf_names_what_is_wrong_and_the_way_out(int result, string operation)
    {
        var fault = ConvolutionCheck.FaultOf(_shape, results => results[result].mul_(1.2));

        Assert.AreEqual(
            $"libtorch computes wrong numbers on this CPU: {operation} is off by 20 % of its largest value. This is a fault of the libtorch (of its oneDNN) that the application brings, and a network trained with it would be wrong. Set the environment variable DNNL_MAX_CPU_ISA to SSE41 before the program starts, which takes other instructions and is slower; or compute on a GPU (the MLContext's GpuDeviceId).",
            fault);
    }

    [TestMethod]
    public void FaultOf_takes_what_is_no_number_for_a_fault() =>
        Assert.Contains("off by NaN", ConvolutionCheck.FaultOf(_shape, results => results[0][0, 0, 0, 0] = float.NaN)!);

    [TestMethod]
    public void FaultOf_lets_rounding_pass() =>
        Assert.IsNull(ConvolutionCheck.FaultOf(_shape, results => results[0].mul_(1 + 1e-5)));

    [TestMethod]
    public void FaultOf_leaves_the_gradient_of_a_grey_image_alone() =>
        Assert.IsNull(ConvolutionCheck.FaultOf(new("grey", [2, 1, 4, 4], [4, 1, 3, 3]), results => results[1].zero_()));

    [TestMethod]
    public void Require_says_so_once_in_a_process_and_leaves_nothing_behind()
    {
        var lines = new List<string>();
        ConvolutionCheck.Require(lines.Add);
        var before = LiveTensors.Before();

        ConvolutionCheck.Require(lines.Add);
        ConvolutionCheck.FaultOf(_shape);

        Assert.AreEqual(before, Tensor.TotalCount);
        // Another test may have been the first.
        Assert.IsLessThanOrEqualTo(1, lines.Count);
        if (lines is [var line])
            Assert.MatchesRegex(@"^8 float32 convolutions agree with float64 on this CPU \(compared in \d+ ms\)\.$", line);
    }
}
