using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What users of an assembly can see: public types with their public and protected members.</summary>
internal static class PublicApi
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.AppendLine(Signature.Of(type));
            foreach (var member in Members(type).Where(IsWritten).Select(Signature.Of).Order(StringComparer.Ordinal))
                text.Append("    ").AppendLine(member);
            text.AppendLine();
        }

        return text.ToString();
    }

    /// <summary>Each type that a user meets in <paramref name="type"/>'s base, constraints and member signatures, taken apart to its elements.</summary>
    public static IEnumerable<(string Member, Type Type)> Mentions(Type type) =>
    [
        .. from used in TypesOf(type)
           from element in Elements(used)
           select (type.Name, element),
        .. from member in Members(type)
           from used in TypesOf(member)
           from element in Elements(used)
           select ($"{type.Name}.{member.Name}", element),
    ];

    public static bool IsPublic(Type type) =>
        type.IsVisible && !type.GetCustomAttributesData().Any(attribute => attribute.AttributeType.Name == "InternalInMlNetAttribute");

    /// <summary>Protected members of a sealed type are for nobody.</summary>
    public static bool IsOpen(MethodBase method) =>
        method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    /// <summary>Accessors are left to their property or event.</summary>
    static IEnumerable<MemberInfo> Members(Type type) => type.GetMembers(Declared).Where(IsSeen);

    /// <summary>Not what the compiler adds to records.</summary>
    static bool IsWritten(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    static bool IsSeen(MemberInfo member) => member switch
    {
        FieldInfo { IsSpecialName: true } => false,
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        MethodBase method => IsOpen(method),
        FieldInfo field => field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen),
        EventInfo @event => IsOpen(@event.AddMethod!),
        _ => false,
    };

    static IEnumerable<Type> TypesOf(Type type) =>
    [
        .. new[] { type.BaseType }.OfType<Type>(),
        .. type.IsInterface ? type.GetInterfaces() : Type.EmptyTypes,
        .. type.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()),
    ];

    static IEnumerable<Type> TypesOf(MemberInfo member) => member switch
    {
        MethodInfo method =>
        [
            method.ReturnType,
            .. method.GetParameters().Select(parameter => parameter.ParameterType),
            .. method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()),
        ],
        ConstructorInfo constructor => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo field => [field.FieldType],
        PropertyInfo property => [property.PropertyType, .. property.GetIndexParameters().Select(parameter => parameter.ParameterType)],
        EventInfo @event => [@event.EventHandlerType!],
        _ => [],
    };

    static IEnumerable<Type> Elements(Type type)
    {
        if (type.IsGenericParameter)
            return [];
        if (type.HasElementType)
            return Elements(type.GetElementType()!);
        return type.IsGenericType && !type.IsGenericTypeDefinition
            ? [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Elements)]
            : [type];
    }
}
