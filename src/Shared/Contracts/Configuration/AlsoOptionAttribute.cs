namespace DataIngestion.Contracts;

/// <summary>
/// Marks a property that takes a mapping, in a record with options: one word in its place is the option of that name, such as <c>tls: off</c> of a
/// system that knows it, beside <c>tls: {ca: …}</c> of all.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AlsoOptionAttribute : Attribute;
