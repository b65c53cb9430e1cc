using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace DataIngestion.Contracts;

/// <summary>One property of a configuration record.</summary>
/// <param name="Name">As written in YAML.</param>
/// <param name="Property">The property.</param>
/// <param name="Type">Its type without <see cref="Nullable{T}"/>.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Nullable">Whether it may be given as nothing.</param>
/// <param name="Rules">Its validation attributes.</param>
internal sealed record RecordMember(string Name, PropertyInfo Property, Type Type, bool Required, bool Nullable, IReadOnlyList<ValidationAttribute> Rules);

/// <summary>What a configuration record looks like in YAML.</summary>
/// <param name="Members">Its properties in order of declaration.</param>
/// <param name="Names">Their names in YAML.</param>
/// <param name="Options">The property that takes every other name; null when other names are faults.</param>
/// <param name="ShortForm">The name of the property that a single text is; null when it must be a mapping.</param>
internal sealed record RecordShape(IReadOnlyList<RecordMember> Members, IReadOnlyList<string> Names, PropertyInfo? Options, string? ShortForm);

/// <summary>The shapes of the records met so far; reflection is slow.</summary>
internal sealed class RecordShapes
{
    readonly NullabilityInfoContext _nullability = new();
    readonly Dictionary<Type, RecordShape> _known = [];

    /// <summary>The shape of a record with settable properties and a constructor without parameters.</summary>
    public RecordShape Of(Type type)
    {
        if (_known.TryGetValue(type, out var shape))
            return shape;

        var members = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is not null && !p.IsDefined(typeof(OptionsAttribute)))
            .Select(p => new RecordMember(
                JsonNamingPolicy.CamelCase.ConvertName(p.Name),
                p,
                Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType,
                p.IsDefined(typeof(RequiredMemberAttribute)),
                _nullability.Create(p).WriteState is NullabilityState.Nullable,
                p.GetCustomAttributes<ValidationAttribute>().ToList()))
            .ToList();
        return _known[type] = new(
            members, members.ConvertAll(m => m.Name), Array.Find(type.GetProperties(), p => p.IsDefined(typeof(OptionsAttribute))),
            type.GetCustomAttribute<ShortFormAttribute>() is { } form ? JsonNamingPolicy.CamelCase.ConvertName(form.Member) : null);
    }
}
