using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Where a property is declared as a family of records (a rule, a network, ...), the JSON says which: {"$type": "Asam", "Rho": 0.5}.</summary>
internal sealed class AbstractRecordConverterFactory : JsonConverterFactory
{
    static readonly Type[] Families = [typeof(SharpnessRule), typeof(BaseOptimizer), typeof(Schedule), typeof(WeightAverage), typeof(WeightFilter), typeof(Network), typeof(TextNetwork), typeof(TextTokenizer)];

    public override bool CanConvert(Type type) => type.IsAbstract && Families.Any(family => family.IsAssignableFrom(type));

    public override JsonConverter CreateConverter(Type type, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(AbstractRecordConverter<>).MakeGenericType(type))!;
}
