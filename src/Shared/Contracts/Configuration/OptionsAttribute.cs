namespace DataIngestion.Contracts;

/// <summary>
/// Marks the property of a configuration record, a dictionary of texts, that takes every name the record does not declare: options
/// of something that Contracts does not know. Whoever knows it binds them with <see cref="OptionsBinder"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionsAttribute : Attribute;
