using System.Text.RegularExpressions;

namespace DataIngestion.Infra.Tests.Tables;

/// <summary>What Azure says of a type of resource, as far as the rules need it.</summary>
/// <param name="Type">The type.</param>
/// <param name="Name">What its own name looks like, without its parents'.</param>
/// <param name="Length">Shortest and longest name.</param>
internal sealed record ResourceKind(string Type, string Name, (int Least, int Most) Length)
{
    /// <summary>Its name is part of an address, so that it has to be the only one in the world.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>It takes tags.</summary>
    public bool IsTagged { get; init; }

    /// <summary>It has metrics or logs that a diagnostic setting sends somewhere.</summary>
    public bool IsDiagnosed { get; init; }

    /// <summary>Its switches of public network access; each has to say 'Disabled' in production.</summary>
    public IReadOnlyList<string> PublicAccess { get; init; } = [];

    /// <summary>Why <paramref name="name"/> is refused; null when it is not.</summary>
    public string? WhyNot(string name) =>
        name.Length < Length.Least || name.Length > Length.Most ? $"has {name.Length} characters; Azure takes {Length.Least} to {Length.Most}"
        : !Regex.IsMatch(name, $"^(?:{Name})$", RegexOptions.None, TimeSpan.FromSeconds(1)) ? $"is not of the form {Name}"
        : null;
}
