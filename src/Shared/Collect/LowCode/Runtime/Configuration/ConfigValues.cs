using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>The values that a manifest sees as <c>config</c>, made of those that the source is configured with. Secrets are references in it.</summary>
internal static class ConfigValues
{
    /// <summary>Makes them.</summary>
    /// <exception cref="StepFailedException">A value is not what the manifest expects, or a secret that is written out.</exception>
    public static LowCodeMap Of(SourceDefinition source, ManifestDocument manifest)
    {
        var config = new LowCodeMap();
        foreach (var setting in manifest.Spec.Settings.Where(s => s is { Default: not null, Choice: null }))
            DataPath.Put(config, setting.Path.Split('.'), JsonValues.Copy(setting.Default));
        foreach (var (name, text) in source.Config)
        {
            var setting = manifest.Spec.Find(name);
            if (setting is { IsSecret: true } && text.Length > 0 && !SecretReference.NamesIn(text).Any())
                throw Invalid(source, name, "is a secret that is written out: expected a reference such as ${NAME}");
            DataPath.Put(config, name.Split('.'), Read(source, name, text, setting?.Kind));
        }

        foreach (var missing in manifest.Spec.Settings.Where(s => s is { IsRequired: true, Choice: null, Default: null }))
        {
            if (!DataPath.TryFind(config, missing.Path.Split('.'), out var value) || value is null)
                throw Invalid(source, missing.Path, $"is missing, which the manifest needs ({missing.Title ?? missing.Kind})");
        }

        ConfigRules.Apply(manifest, config);
        return new(config) { IsFrozen = true };
    }

    static object? Read(SourceDefinition source, string name, string text, string? kind) => Of(text, kind) switch
    {
        string when kind is "integer" or "number" or "boolean" && !SecretReference.NamesIn(text).Any() => throw Invalid(source, name, $"is '{text}': expected {(kind == "boolean" ? "true or false" : "a number")}"),
        var value => value,
    };

    /// <summary>One value as a manifest sees it; the text itself where it is none of its kind.</summary>
    /// <param name="text">As the source's definition writes it.</param>
    /// <param name="kind">What the manifest's specification says it is; null where it says nothing.</param>
    public static object? Of(string text, string? kind) => kind switch
    {
        "integer" when BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => Numbers.Normal(whole),
        "number" when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Numbers.WholeOf(number) is { } whole && !text.Contains('.', StringComparison.Ordinal) ? Numbers.Normal(whole) : number,
        "boolean" when bool.TryParse(text, out var truth) => truth,
        "array" or "object" or null when text.TrimStart() is ['[' or '{', ..] json && !json.StartsWith("{{", StringComparison.Ordinal) && Json(json) is { } value => value,
        "array" => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToList<object?>(),
        _ => text,
    };

    static object? Json(string text)
    {
        try
        {
            return JsonValues.Read(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static StepFailedException Invalid(SourceDefinition source, string name, string what) =>
        new(new() { Code = "configuration-invalid", Message = $"The source '{source.Source}': 'config.{name}' {what}." });
}
