using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Every rule of the library, found by reflection: a new file is tested by being there.</summary>
static class AllRules
{
    /// <summary>One of each, with its defaults.</summary>
    public static IEnumerable<SharpnessRule> Defaults() => typeof(SharpnessRule).Assembly.GetExportedTypes()
        .Where(t => t.IsSubclassOf(typeof(SharpnessRule)) && !t.IsAbstract)
        .Select(Default);

    public static IEnumerable<BaseOptimizer> Optimizers() => [new Sgd(), new Sgd(Nesterov: true), new AdamW()];

    /// <summary>The numbers that a user may set on a rule.</summary>
    public static IEnumerable<PropertyInfo> Numbers(SharpnessRule rule) =>
        rule.GetType().GetProperties().Where(p => p.PropertyType == typeof(double) && p.CanWrite);

    /// <summary>The same rule with this ρ, in nested rules too.</summary>
    public static SharpnessRule WithRho(SharpnessRule rule, double rho)
    {
        var copy = Copy(rule);
        foreach (var property in rule.GetType().GetProperties().Where(p => p.CanWrite))
        {
            if (property.Name == "Rho")
                property.SetValue(copy, rho);
            if (property.GetValue(rule) is SharpnessRule nested)
                property.SetValue(copy, WithRho(nested, rho));
        }
        return copy;
    }

    public static SharpnessRule Copy(SharpnessRule rule) =>
        (SharpnessRule)rule.GetType().GetMethod("<Clone>$")!.Invoke(rule, null)!;

    static SharpnessRule Default(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var arguments = constructor.GetParameters().Select(p =>
            p.HasDefaultValue ? p.DefaultValue : throw new AssertFailedException($"{type.Name} needs a default for {p.Name}: every rule must be usable as new {type.Name}()."));
        return (SharpnessRule)constructor.Invoke(arguments.ToArray());
    }
}
