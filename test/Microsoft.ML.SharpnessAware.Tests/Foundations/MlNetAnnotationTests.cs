using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetAnnotationTests
{
    private static readonly string[] _animals = ["ant", "bee", "cow"];

    [TestMethod]
    public void GetKeyValues_gives_the_names_of_the_keys()
    {
        var column = Column(new KeyDataViewType(typeof(uint), 3), "KeyValues", _animals);
        VBuffer<ReadOnlyMemory<char>> names = default;

        column.GetKeyValues(ref names);

        CollectionAssert.AreEqual(_animals, names.DenseValues().Select(n => n.ToString()).ToArray());
        Assert.IsTrue(column.HasKeyValues());
        Assert.IsFalse(column.HasKeyValues(NumberDataViewType.Single));
    }

    [TestMethod]
    public void HasKeyValues_needs_as_many_values_as_keys()
        => Assert.IsFalse(Column(new KeyDataViewType(typeof(uint), 4), "KeyValues", _animals).HasKeyValues());

    [TestMethod]
    public void HasSlotNames_needs_text_of_the_vectors_size()
    {
        Assert.IsTrue(Column(new VectorDataViewType(NumberDataViewType.Single, 3), "SlotNames", _animals).HasSlotNames());
        Assert.IsFalse(Column(new VectorDataViewType(NumberDataViewType.Single, 4), "SlotNames", _animals).HasSlotNames());
        Assert.IsFalse(Column(new VectorDataViewType(NumberDataViewType.Single), "SlotNames", _animals).HasSlotNames());
    }

    [TestMethod]
    public void GetValue_unknown_kind_is_refused()
    {
        var annotations = Answer().ToAnnotations();
        var value = 0;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Question", ref value));

        Assert.AreEqual("Invalid call to 'GetValue'", error.Message);
    }

    [TestMethod]
    public void GetValue_of_another_type_is_refused()
    {
        var annotations = Answer().ToAnnotations();
        var value = 0L;

        var error = Assert.ThrowsExactly<InvalidOperationException>(() => annotations.GetValue("Answer", ref value));

        Assert.AreEqual("Invalid call to 'GetGetter'", error.Message);
    }

    [TestMethod]
    public void Add_getter_that_does_not_fit_the_type_is_refused()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ValueGetter<long> getter = (ref long value) => value = 42;

        var typed = Assert.ThrowsExactly<ArgumentException>(() => builder.Add("Answer", NumberDataViewType.Int32, getter));
        var untyped = Assert.ThrowsExactly<TargetInvocationException>(() => builder.Add("Answer", NumberDataViewType.Int32, (Delegate)getter));

        Assert.AreEqual("type.RawType must be of type 'System.Int64'. (Parameter 'type')", typed.Message);
        Assert.IsInstanceOfType<ArgumentException>(untyped.InnerException);
    }

    [TestMethod]
    public void Add_of_other_annotations_takes_what_the_selector_wants()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var all = Answer();
        all.AddPrimitiveValue("Other", BooleanDataViewType.Instance, true);

        builder.Add(all.ToAnnotations(), kind => kind == "Answer");

        var value = 0;
        builder.ToAnnotations().GetValue("Answer", ref value);
        Assert.AreEqual(42, value);
        Assert.AreEqual("Answer", builder.ToAnnotations().ToString());
    }

    [TestMethod]
    public void IsNormalized_reads_the_annotation()
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true);
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("A", NumberDataViewType.Single, annotations.ToAnnotations());
        schema.AddColumn("B", NumberDataViewType.Single);

        Assert.IsTrue(schema.ToSchema()["A"].IsNormalized());
        Assert.IsFalse(schema.ToSchema()["B"].IsNormalized());
    }

    private static DataViewSchema.Annotations.Builder Answer()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("Answer", NumberDataViewType.Int32, 42);
        return builder;
    }

    private static DataViewSchema.Column Column(DataViewType type, string kind, string[] names)
    {
        var texts = names.Select(n => n.AsMemory()).ToArray();
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add<VBuffer<ReadOnlyMemory<char>>>(
            kind,
            new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new(texts.Length, texts));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Column", type, annotations.ToAnnotations());
        return schema.ToSchema()[0];
    }
}
