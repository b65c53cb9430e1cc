namespace DataIngestion.Contracts;

/// <summary>Marks a configuration record that may be written as one text, which then is the value of one of its properties: <c>auth: none</c>.</summary>
/// <param name="member">Name of the property.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShortFormAttribute(string member) : Attribute
{
    /// <summary>Name of the property.</summary>
    public string Member { get; } = member;
}
