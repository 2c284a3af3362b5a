using Microsoft.ML.Runtime;

namespace Microsoft.ML;

[InternalInMlNet]
public abstract class LoadableClassAttributeBase : Attribute
{
    protected LoadableClassAttributeBase(
        string summary,
        Type instType,
        Type loaderType,
        Type argType,
        Type[] sigTypes,
        string userName,
        params string[] loadNames)
    {
        Contracts.CheckValue(instType, nameof(instType));
        Contracts.CheckValue(loaderType, nameof(loaderType));
        Contracts.CheckNonEmpty(sigTypes, nameof(sigTypes));
        if (loadNames is null or { Length: 0 })
            loadNames = [userName];
        if (loadNames.Any(string.IsNullOrWhiteSpace))
            throw Contracts.ExceptEmpty(nameof(loadNames), "LoadableClass loadName parameter can't be empty");

        InstanceType = instType;
        LoaderType = loaderType;
        ArgType = argType;
        SigTypes = sigTypes;
        Summary = summary;
        UserName = userName;
        LoadNames = loadNames;
        CtorTypes = argType == null ? ParametersOf(sigTypes[0]) : [argType, .. ParametersOf(sigTypes[0])];
    }

    public Type InstanceType { get; }

    public Type LoaderType { get; }

    public Type ArgType { get; }

    public Type[] SigTypes { get; }

    public Type[] CtorTypes { get; }

    public string Summary { get; }

    public string UserName { get; }

    public string[] LoadNames { get; }

    public string DocName { get; set; }

    private static Type[] ParametersOf(Type signature)
    {
        Contracts.CheckParam(
            signature?.BaseType == typeof(MulticastDelegate),
            "sigTypes",
            "LoadableClass signature type must be a delegate type");
        return [.. signature.GetMethod("Invoke").GetParameters().Select(p => p.ParameterType)];
    }
}
