using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Fit with passes in bfloat16: another model than with float32, the same each time, and refused where it would be slower.</summary>
[TestClass]
public class PrecisionOptionTests
{
    static readonly string? Missing = Refusal();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Fit_gives_other_weights_than_in_float32_the_same_each_time(bool texts)
    {
        if (Missing is not null)
            Assert.Inconclusive(Missing);
        Func<Precision, byte[]> fit = texts ? Texts : Images;

        var model = fit(Precision.BFloat16);

        CollectionAssert.AreNotEqual(SavedModel.Entry(fit(Precision.Float32), "Weights.safetensors"), SavedModel.Entry(model, "Weights.safetensors"));
        CollectionAssert.AreEqual(SavedModel.Entry(fit(Precision.BFloat16), "Weights.safetensors"), SavedModel.Entry(model, "Weights.safetensors"));
        Assert.AreEqual("BFloat16", (string?)JsonNode.Parse(SavedModel.Entry(model, "Model.json"))!["Model"]!["Training"]!["Precision"]);
    }

    [TestMethod]
    public void Fit_is_refused_before_the_first_step_where_the_processor_lacks_it()
    {
        if (Missing is null)
            Assert.Inconclusive("This processor has it.");

        StringAssert.StartsWith(Missing, "Precision is BFloat16, but ");
        StringAssert.EndsWith(Missing, "Leave Precision at Float32, or compute on a GPU (the MLContext's GpuDeviceId).");
    }

    static string? Refusal()
    {
        try
        {
            Images(Precision.BFloat16);
            return null;
        }
        catch (InvalidOperationException refused)
        {
            return refused.Message;
        }
    }

    static byte[] Images(Precision precision)
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyTraining.Trainer(ml, options => (options.Epoch, options.Precision) = (2, precision)).Fit(Pictures.KeyedRows(ml));
        return SavedModel.Of(ml, model);
    }

    static byte[] Texts(Precision precision)
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => (options.Epoch, options.Precision) = (2, precision)).Fit(Sentences.KeyedRows(ml));
        return SavedModel.Of(ml, model);
    }
}
