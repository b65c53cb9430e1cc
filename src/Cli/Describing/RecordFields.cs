using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Describing;

/// <summary>One field of a configuration record, as it is written in YAML.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its value, without <see cref="Nullable{T}"/>.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Nullable">Whether it may be given as nothing.</param>
/// <param name="Default">What it is when it is left out, as written in YAML; null for nothing, or nothing that can be written in a word.</param>
/// <param name="Property">Where it is bound to.</param>
internal sealed record RecordField(string Name, Type Type, bool Required, bool Nullable, string? Default, PropertyInfo Property)
{
    /// <summary>Whether it is a secret, so that its value must be a reference.</summary>
    public bool IsSecret => Property.IsDefined(typeof(SecretAttribute));

    /// <summary>Its rule of that kind; null where it has none.</summary>
    public T? Rule<T>()
        where T : ValidationAttribute => Property.GetCustomAttribute<T>();
}

/// <summary>The fields of configuration records.</summary>
internal static class RecordFields
{
    /// <summary>The fields of a record, in order of declaration.</summary>
    public static IReadOnlyList<RecordField> Of(Type record)
    {
        var nullability = new NullabilityInfoContext();
        var empty = Activator.CreateInstance(record)!;
        return
        [
            .. record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.SetMethod is not null && !p.IsDefined(typeof(OptionsAttribute)))
                .Select(p => new RecordField(
                    JsonNamingPolicy.CamelCase.ConvertName(p.Name),
                    Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType,
                    p.IsDefined(typeof(RequiredMemberAttribute)),
                    nullability.Create(p).WriteState is NullabilityState.Nullable,
                    p.IsDefined(typeof(RequiredMemberAttribute)) ? null : Text(p.GetValue(empty)),
                    p)),
        ];
    }

    /// <summary>Whether it takes names that it does not declare.</summary>
    public static bool IsOpen(Type record) => record.GetProperties().Any(p => p.IsDefined(typeof(OptionsAttribute)));

    /// <summary>The word of an enum's member.</summary>
    public static string WordOf(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    /// <summary>The type of a list's entries or a mapping's values; null for other types.</summary>
    public static Type? EntryOf(Type type, out bool isMapping)
    {
        isMapping = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>);
        return isMapping ? type.GenericTypeArguments[1]
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GenericTypeArguments[0]
            : null;
    }

    /// <summary>Whether values of a type are written as a mapping of fields.</summary>
    public static bool IsRecord(Type type) =>
        type.IsClass && type != typeof(string) && type != typeof(Uri) && EntryOf(type, out _) is null;

    static string? Text(object? value) => value switch
    {
        null or "" => null,
        TimeSpan time => Duration.Format(time),
        bool flag => flag ? "true" : "false",
        string text => text,
        Enum word => WordOf(word.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
