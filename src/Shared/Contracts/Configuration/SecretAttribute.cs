using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Contracts;

/// <summary>Marks an option that is a secret: its value must be a reference, never the secret itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute() : ValidationAttribute("a secret must be a reference such as ${VENDOR_KEY}, ${file:/run/secrets/vendor-key} or ${keyvault:vendor-key}, never the secret itself.")
{
    /// <inheritdoc />
    public override bool IsValid(object? value) => value is null || (value is string text && SecretReference.IsReference(text));
}
