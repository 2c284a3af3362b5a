namespace MlnetSam.Tests;

[TestClass]
public sealed class ModelNameTests
{
    [TestMethod]
    [DataRow("my pets.v2", "MyPetsV2")]
    [DataRow("cracks_CD-UD", "CracksCDUD")]
    [DataRow("2026", "Model2026")]
    [DataRow("---", "Data")]
    [DataRow("übung", "Übung")]
    public void Identifier_is_a_word_that_a_class_may_have(string text, string expected)
    {
        Assert.AreEqual(expected, ModelName.Identifier(text));
        ModelName.Require(ModelName.Identifier(text));
    }

    [TestMethod]
    [DataRow("train")]
    [DataRow("sam.tsv")]
    [DataRow("path/")]
    [DataRow("results.csv")]
    [DataRow("google")]
    public void Data_that_are_called_like_something_in_the_code_get_another_name(string dataset)
    {
        var name = ModelName.Of(dataset);

        Assert.EndsWith("Classifier", name);
        ModelName.Require(name);
        Assert.ThrowsExactly<ArgumentException>(() => ModelName.Require(name[..^"Classifier".Length]));
    }

    [TestMethod]
    [DataRow("action.csv", "Action")]
    [DataRow("task", "Task")]
    [DataRow("random.tsv", "Random")]
    [DataRow("index", "Index")]
    [DataRow("version", "Version")]
    public void Data_may_be_called_like_types_that_the_code_does_not_use(string dataset, string name)
    {
        Assert.AreEqual(name, ModelName.Of(dataset));
        ModelName.Require(name);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1a")]
    [DataRow("class")]
    [DataRow("a b")]
    [DataRow("../a")]
    public void Name_that_no_class_can_have_is_refused(string name) =>
        Assert.StartsWith($"--name '{name}' must be the name of a class: ", Assert.ThrowsExactly<ArgumentException>(() => ModelName.Require(name)).Message);
}
