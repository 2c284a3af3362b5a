using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RecordJsonTests
{
    static readonly Type[] Families = [typeof(SharpnessRule), typeof(BaseOptimizer), typeof(Schedule), typeof(WeightAverage), typeof(WeightFilter), typeof(ImageNetwork), typeof(TextNetwork), typeof(TextTokenizer)];

    static IEnumerable<object[]> EveryRecord =>
        from family in Families
        from type in family.Assembly.GetTypes()
        where !type.IsAbstract && family.IsAssignableFrom(type)
        select new object[] { family, type };

    [TestMethod]
    [DynamicData(nameof(EveryRecord))]
    public void Read_gives_back_every_record(Type family, Type type)
    {
        var arguments = type.GetConstructors().Single().GetParameters().Select(parameter => parameter.HasDefaultValue ? parameter.DefaultValue : "a/folder").ToArray();
        var record = Activator.CreateInstance(type, arguments);

        var json = JsonSerializer.Serialize(record, family, RecordJson.Options);

        StringAssert.Contains(json, $"\"$type\": \"{type.Name}\"");
        Assert.AreEqual(record, JsonSerializer.Deserialize(json, family, RecordJson.Options));
    }

    [TestMethod]
    public void Read_gives_back_nested_rules_and_every_bit_of_numbers()
    {
        SharpnessRule rule = new FriendlySam(new Asam(Rho: 0.1f, Eta: 1e-38f), Sigma: MathF.PI, Lambda: BitConverter.Int32BitsToSingle(0x3F7FFFFF)) { PaperOrder = true };

        Assert.AreEqual(rule, RecordJson.Read<SharpnessRule>(RecordJson.Write(rule)));
    }

    [TestMethod]
    public void Read_gives_back_infinity() =>
        Assert.AreEqual(new Sam(P: float.PositiveInfinity), RecordJson.Read<SharpnessRule>(RecordJson.Write<SharpnessRule>(new Sam(P: float.PositiveInfinity))));

    [TestMethod]
    public void Read_gives_back_records_of_no_family()
    {
        var stopping = new EarlyStopping(EarlyStoppingMetric.Loss, MinDelta: 0.1, Patience: 3);
        Assert.AreEqual(stopping, RecordJson.Read<EarlyStopping>(RecordJson.Write(stopping)));

        var augmentation = new Augmentation(CropPadding: 2, HorizontalFlip: false)
        {
            VerticalFlip = true,
            RandomResizedCrop = new(MinArea: 0.25),
            ColorJitter = new(Hue: 0.1),
            RandAugment = new(Magnitude: 5),
            RandomErasing = new(Probability: 0.25),
            Cutout = new(Size: 8),
            MixUp = new(Alpha: 0.4),
            CutMix = new(Probability: 0.5),
        };
        Assert.AreEqual(augmentation, RecordJson.Read<Augmentation>(RecordJson.Write(augmentation)));
    }

    [TestMethod]
    public void Read_gives_back_a_record_of_another_assembly()
    {
        SharpnessRule rule = new RuleOfMine(new Asam(Rho: 2));

        var json = RecordJson.Write(rule);

        StringAssert.Contains(json, $"\"{typeof(RuleOfMine).FullName}, {typeof(RuleOfMine).Assembly.GetName().Name}\"");
        Assert.AreEqual(rule, RecordJson.Read<SharpnessRule>(json));
    }

    [TestMethod]
    public void Write_is_for_people_to_read() =>
        Golden.Matches("Persistence/Rule.json", RecordJson.Write<SharpnessRule>(new FriendlySam(new Sam(Rho: 0.1f, P: float.PositiveInfinity))));

    [TestMethod]
    public void Read_explains_every_fault()
    {
        static void Read(string json) => RecordJson.Read<ImageNetwork>(json);

        var errors = new ErrorText()
            .Add("null", () => Read("null"))
            .Add("a number", () => Read("1"))
            .Add("no type", () => Read("""{"Depth": 8}"""))
            .Add("unknown type", () => Read("""{"$type": "ResNet19"}"""))
            .Add("type of an assembly that is not there", () => Read("""{"$type": "Company.Nets.Mine, Company.Nets"}"""))
            .Add("name that is none", () => Read("""{"$type": ",,,"}"""))
            .Add("record of another family", () => Read("""{"$type": "Sam", "Rho": 0.05, "P": 2}"""))
            .Add("type that is no record", () => Read("""{"$type": "System.Diagnostics.Process, System.Diagnostics.Process"}"""))
            .Add("abstract", () => Read("""{"$type": "ImageNetwork"}"""))
            .Add("value out of its range", () => Read("""{"$type": "CifarResNet", "Depth": 9}"""))
            .Add("value of another kind", () => Read("""{"$type": "CifarResNet", "Depth": "deep"}"""))
            .Add("property that is not known", () => Read("""{"$type": "CifarResNet", "Depth": 8, "Width": 2}"""));

        Golden.Matches("Persistence/RecordJsonErrors.txt", errors.ToString());
    }

    public sealed record RuleOfMine(Ascent Inner) : SharpnessRule
    {
        public override Tensor Direction(SamStep step) => Inner.Direction(step.Within(nameof(Inner)));
    }
}
