using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>Marks an option that is a secret: its value must be a reference, never the secret itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : ValidationAttribute
{
    /// <inheritdoc />
    public override bool IsValid(object? value) => value is null || (value is string text && SecretReference.IsReference(text));

    /// <inheritdoc />
    public override string FormatErrorMessage(string name) =>
        $"'{name}' is a secret: expected a reference such as ${{VENDOR_KEY}}, ${{file:/run/secrets/vendor-key}} or ${{keyvault:vendor-key}}, never the secret itself.";
}
