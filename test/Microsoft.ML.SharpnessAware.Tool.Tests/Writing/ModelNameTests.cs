namespace MlnetSam.Tests;

[TestClass]
public sealed class ModelNameTests
{
    [TestMethod]
    [DataRow("my pets.v2", "MyPetsV2")]
    [DataRow("cracks_CD-UD", "CracksCDUD")]
    [DataRow("2026", "Model2026")]
    [DataRow("---", "Model")]
    [DataRow("übung", "Übung")]
    public void Identifier_is_a_word_that_a_class_may_have(string text, string expected)
    {
        Assert.AreEqual(expected, ModelName.Identifier(text));
        ModelName.Require(ModelName.Identifier(text));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1a")]
    [DataRow("a b")]
    [DataRow("../a")]
    public void Name_that_no_class_can_have_is_refused(string name) =>
        Assert.StartsWith($"--name '{name}' must be the name of a class: ", Assert.ThrowsExactly<ArgumentException>(() => ModelName.Require(name)).Message);
}
