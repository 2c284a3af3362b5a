using System.Reflection;
using PublicApiGenerator;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class PublicApiTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    static readonly Assembly Library = typeof(SharpnessRule).Assembly;

    [TestMethod]
    public void PublicApi_is_the_golden_one() =>
        Golden.Matches("PublicApi.txt", Library.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }));

    // The library is compiled against copies of ML.NET in which all is public, so that the compiler lets it pass.
    [TestMethod]
    public void PublicApi_mentions_no_internal_type_of_MlNet() => Assert.AreEqual("", string.Join('\n', Library.GetExportedTypes().SelectMany(HiddenIn)));

    [TestMethod]
    public void HiddenIn_sees_bases_constraints_generics_arrays_and_references()
    {
        string[] expected = [".ctor", "Event", "Item", "Method", "Method", "Method", "Property", "Sample`1", "Sample`1", "field"];
        CollectionAssert.AreEqual(expected, HiddenIn(typeof(Sample<>)).Select(line => line.Split(" mentions ")[0]).Order(StringComparer.Ordinal).ToArray());
    }

    /// <summary>What a type and its members that users see mention of types that users cannot see.</summary>
    static IEnumerable<string> HiddenIn(Type type) =>
        from member in type.GetMembers(Declared).Where(IsSeen).Prepend(type)
        from mentioned in TypesIn(member)
        where Elements(mentioned).Any(element => !element.IsVisible)
        select $"{member.Name} mentions {mentioned}";

    // Accessors are seen at their property or event, and protected members of a sealed type by nobody.
    static bool IsSeen(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        MethodBase method => IsOpen(method),
        FieldInfo field => field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen),
        EventInfo @event => IsOpen(@event.AddMethod!),
        _ => false,
    };

    static bool IsOpen(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    static IEnumerable<Type> TypesIn(MemberInfo member) => member switch
    {
        Type type => [.. type.BaseType is { } parent ? [parent] : Type.EmptyTypes, .. type.IsInterface ? type.GetInterfaces() : [], .. ConstraintsOf(type.GetGenericArguments())],
        MethodInfo method => [method.ReturnType, .. TypesOf(method.GetParameters()), .. ConstraintsOf(method.GetGenericArguments())],
        ConstructorInfo constructor => TypesOf(constructor.GetParameters()),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType, .. TypesOf(property.GetIndexParameters())],
        EventInfo @event => [@event.EventHandlerType!],
        _ => [],
    };

    static IEnumerable<Type> TypesOf(ParameterInfo[] parameters) => parameters.Select(parameter => parameter.ParameterType);

    static IEnumerable<Type> ConstraintsOf(Type[] arguments) => arguments.SelectMany(argument => argument.GetGenericParameterConstraints());

    static IEnumerable<Type> Elements(Type type) =>
        type.IsGenericParameter ? []
        : type.HasElementType ? Elements(type.GetElementType()!)
        : type.IsGenericType && !type.IsGenericTypeDefinition ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Elements)]
        : [type];

    class Hidden;

    abstract class Sample<T>(Hidden hidden) : List<Hidden>
        where T : Hidden
    {
        protected Hidden field = hidden;

        public abstract event Action<Hidden> Event;

        protected abstract Hidden Property { get; }

        protected abstract int this[Hidden index] { get; }

        protected abstract List<Hidden[]> Method<TOther>(ref Hidden value)
            where TOther : Hidden;

        protected internal abstract void NothingHidden(T value, List<T[]> values);

        private protected abstract Hidden NotSeen();
    }
}
