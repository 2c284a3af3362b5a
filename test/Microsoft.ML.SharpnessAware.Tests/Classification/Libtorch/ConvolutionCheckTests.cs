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
    public void FaultOf_names_what_is_wrong_and_by_how_much(int result, string operation)
    {
        var fault = ConvolutionCheck.FaultOf(_shape, results => results[result].mul_(1.2));

        Assert.AreEqual($"{operation} is off by 20 % of its largest value", fault);
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
        if (lines.Count > 0)
            Assert.MatchesRegex(@"^9 float32 convolutions agree with float64 on this CPU \(compared in \d+ ms\)\.$", lines[^1]);
    }

    [TestMethod]
    public void Judge_keeps_oneDNN_where_nothing_is_wrong() =>
        Assert.AreEqual(new ConvolutionCheck.Verdict(Fault: null, Cured: null), ConvolutionCheck.Judge(() => null, () => throw new AssertFailedException("switched off")));

    [TestMethod]
    public void Judge_takes_a_fault_that_is_gone_without_oneDNN_for_cured()
    {
        var isOff = false;

        var verdict = ConvolutionCheck.Judge(() => isOff ? null : "wrong", () => isOff = true);

        Assert.AreEqual(new ConvolutionCheck.Verdict(Fault: null, Cured: "wrong"), verdict);
    }

    [TestMethod]
    [DataRow(true, "still wrong")]
    [DataRow(false, "wrong")]
    public void Judge_reports_a_fault_that_stays(bool canSwitchOff, string expected)
    {
        var comparisons = 0;

        var verdict = ConvolutionCheck.Judge(() => comparisons++ == 0 ? "wrong" : "still wrong", () => canSwitchOff);

        Assert.AreEqual(new ConvolutionCheck.Verdict(expected, Cured: null), verdict);
    }
}
