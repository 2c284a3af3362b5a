using System.Collections;
using System.Globalization;
using System.Reflection;

namespace MlnetSam;

/// <summary>Values of options as C# expressions: new Asam(Rho: 0.5).</summary>
static class CSharpValue
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => Text(text),
        bool flag => flag ? "true" : "false",
        int.MaxValue => "int.MaxValue",
        int or long => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        double number => Number(number),
        float number => $"{number.ToString("R", CultureInfo.InvariantCulture)}f",
        Enum name => $"{name.GetType().Name}.{name}",
        TimeSpan time => $"TimeSpan.FromSeconds({Number(time.TotalSeconds)})",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => Record(value),
    };

    /// <summary>The method, and the settings of options that are not those of new ones: by the names of their fields, in their order.</summary>
    public static IEnumerable<(string Name, string Value)> ChangedIn(SamTrainerOptions options)
    {
        var fresh = Activator.CreateInstance(options.GetType());
        // Fields of the base class come last, but the columns read better first.
        var fields = options.GetType().GetFields().Where(field => field.GetCustomAttribute<MayDifferOnResumeAttribute>() is null || field.Name == nameof(options.Seed));
        return from field in fields.OrderBy(field => !field.Name.EndsWith("ColumnName", StringComparison.Ordinal))
               let value = field.GetValue(options)
               where field.Name == nameof(options.Sharpness) || (!Equals(value, field.GetValue(fresh)) && value is not ICollection { Count: 0 })
               select (field.Name, Of(value));
    }

    // What the constructor does not take is set behind it.
    static string Record(object value)
    {
        var type = value.GetType();
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var parameters = constructor.GetParameters();
        var standard = parameters.All(parameter => parameter.HasDefaultValue) ? constructor.Invoke([.. parameters.Select(parameter => parameter.DefaultValue)]) : null;
        bool IsChanged(PropertyInfo property) => standard is null || !Equals(property.GetValue(value), property.GetValue(standard));

        var arguments = from parameter in parameters
                        let property = type.GetProperty(parameter.Name!)!
                        where !parameter.HasDefaultValue || IsChanged(property)
                        select $"{parameter.Name}: {Of(property.GetValue(value))}";
        var settings = (from property in type.GetProperties()
                        where property.SetMethod is { IsPublic: true } && !parameters.Any(parameter => parameter.Name == property.Name)
                        where standard is not null && IsChanged(property)
                        select $"{property.Name} = {Of(property.GetValue(value))}").ToArray();
        return $"new {type.Name}({string.Join(", ", arguments)})" + (settings.Length == 0 ? "" : $" {{ {string.Join(", ", settings)} }}");
    }

    static string Number(double value) => value switch
    {
        double.PositiveInfinity => "double.PositiveInfinity",
        double.NegativeInfinity => "double.NegativeInfinity",
        double.NaN => "double.NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>A text as a literal.</summary>
    public static string Text(string text) => $"\"{string.Concat(text.Select(Escaped))}\"";

    static string Escaped(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\u0085' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };
}
