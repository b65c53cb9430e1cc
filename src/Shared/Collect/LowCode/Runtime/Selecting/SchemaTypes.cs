using System.Globalization;
using System.Numerics;

namespace DataIngestion.Collect;

/// <summary>Brings values to the types of a JSON schema (<c>schema_normalization: Default</c>). A value that is none of the type stays as it is.</summary>
internal sealed class SchemaTypes(LowCodeMap schema)
{
    /// <summary>Changes a record's values.</summary>
    public void Apply(LowCodeMap record) => Apply(record, schema);

    static void Apply(LowCodeMap record, LowCodeMap schema)
    {
        if (schema.Find("properties") is not LowCodeMap properties)
            return;
        foreach (var (name, property) in properties)
        {
            if (property is LowCodeMap rules && record.TryGetValue(name, out var value))
                record[name] = Fit(value, rules);
        }
    }

    static object? Fit(object? value, LowCodeMap rules)
    {
        var types = rules.Find("type") switch
        {
            string one => [one],
            List<object?> several => several.OfType<string>().ToList(),
            _ => (IReadOnlyList<string>)[],
        };
        var type = types.FirstOrDefault(t => t != "null");
        switch (value)
        {
            case null:
                return null;
            case LowCodeMap map when type == "object":
                Apply(map, rules);
                return map;
            case List<object?> list when type == "array":
                return rules.Find("items") is LowCodeMap items ? list.ConvertAll(item => Fit(item, items)) : list;
        }

        return type switch
        {
            "string" when value is not string => value is LowCodeMap or List<object?> ? JsonValues.Write(value) : PythonText.Str(value),
            "number" when value is string text => Number(text) ?? value,
            "integer" when value is string text => BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? Numbers.Normal(whole) : value,
            "integer" when value is decimal or double => Numbers.WholeOf(value) is { } whole ? Numbers.Normal(whole) : value,
            "boolean" when value is string text => text.ToLowerInvariant() switch { "true" or "yes" or "y" or "t" or "on" or "1" => true, "false" or "no" or "n" or "f" or "off" or "0" => false, _ => value },
            "array" when value is not List<object?> => new List<object?> { value },
            _ => value,
        };
    }

    static object? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? exact
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : null;
}
