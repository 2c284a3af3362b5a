using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public sealed class SamTrialTests
{
    [TestMethod]
    public void Grid_goes_seed_by_seed_and_has_Plain_once_for_each()
    {
        var trials = SamTrial.Grid([SamVariant.Plain, SamVariant.Sam], [0.02, 0.1], seeds: 2, epochs: 5);

        CollectionAssert.AreEqual(
            new SamTrial[]
            {
                new() { Variant = SamVariant.Plain, Seed = 1, Epoch = 5 },
                new() { Variant = SamVariant.Sam, Rho = 0.02, Seed = 1, Epoch = 5 },
                new() { Variant = SamVariant.Sam, Rho = 0.1, Seed = 1, Epoch = 5 },
                new() { Variant = SamVariant.Plain, Seed = 2, Epoch = 5 },
                new() { Variant = SamVariant.Sam, Rho = 0.02, Seed = 2, Epoch = 5 },
                new() { Variant = SamVariant.Sam, Rho = 0.1, Seed = 2, Epoch = 5 },
            },
            trials.ToArray());
        CollectionAssert.AreEqual(new double?[] { null }, SamTrial.Grid([SamVariant.Asam], [], seeds: 1).Select(trial => trial.Rho).ToArray());
    }

    [TestMethod]
    public void ApplyTo_copies_the_options_and_leaves_open_what_the_trial_leaves_open()
    {
        var options = new SamTextTrainer.Options { Sentence1ColumnName = "Text", Seed = 7, Epoch = 3 };

        var changed = new SamTrial { Variant = SamVariant.Asam, Rho = 0.7, Epoch = 4 }.ApplyTo(options);

        Assert.AreEqual(new Asam(Rho: 0.7), changed.Sharpness);
        Assert.AreEqual(("Text", 7, 4), (changed.Sentence1ColumnName, changed.Seed, changed.Epoch));
        Assert.AreEqual(new Sam(), options.Sharpness);
        Assert.AreEqual(3, options.Epoch);
    }

    // A search space of AutoML makes its points from JSON, by the names of the properties: numbers and names of enums.
    [TestMethod]
    public void Trial_is_made_from_the_parameters_of_a_search()
    {
        Assert.AreEqual(new SamTrial { Variant = SamVariant.Gsam, Rho = 0.03, Seed = 2 }, JsonSerializer.Deserialize<SamTrial>("""{ "Variant": "Gsam", "Rho": 0.03, "Seed": 2 }"""));
        Assert.AreEqual(new SamTrial { Variant = SamVariant.Asam }, JsonSerializer.Deserialize<SamTrial>("""{ "Variant": 1 }"""));
        Assert.AreEqual(new SamTrial(), Activator.CreateInstance<SamTrial>());
        var trial = new SamTrial { Variant = SamVariant.Sam, Rho = 0.1, Seed = 3, Epoch = 2 };
        Assert.AreEqual(trial, JsonSerializer.Deserialize<SamTrial>(JsonSerializer.Serialize(trial)));
    }
}
