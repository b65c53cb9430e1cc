namespace DataIngestion.Contracts.Tests;

public sealed class SecretReferenceTests
{
    [Theory]
    [InlineData("${VENDOR_KEY}", "VENDOR_KEY")]
    [InlineData("${file:/run/secrets/vendor key.pem}", "file:/run/secrets/vendor key.pem")]
    [InlineData("${keyvault:vendor-key}", "keyvault:vendor-key")]
    [InlineData("${keyvault:vendor-key/0123456789abcdef}", "keyvault:vendor-key/0123456789abcdef")]
    public void The_forms_of_a_reference(string text, string name)
    {
        Assert.True(SecretReference.IsReference(text));
        Assert.Equal([name], SecretReference.NamesIn($"a {text} b"));
        Assert.Null(SecretReference.FindMalformed($"a {text} b"));
        Assert.Equal("a value b", SecretReference.Resolve($"a {text} b", asked => asked == name ? "value" : null));
    }

    [Theory]
    [InlineData("${vault:x}"), InlineData("${file:relative}"), InlineData("${file:}"), InlineData("${keyvault:}"), InlineData("${keyvault:a/b/c}"), InlineData("${keyvault:a_b}")]
    [InlineData("${1A}"), InlineData("${A B}"), InlineData("${A"), InlineData("${}"), InlineData("${file:/a\n}"), InlineData("${file:/a${B}}")]
    public void There_are_no_others(string text)
    {
        Assert.False(SecretReference.IsReference(text));
        Assert.StartsWith("${", SecretReference.FindMalformed($"${{GOOD}} {text}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("${KEY}", "The setting 'KEY'"), InlineData("${file:/run/secrets/x}", "The file '/run/secrets/x'"), InlineData("${keyvault:x}", "Key Vault has no secret 'x'")]
    public void What_has_no_value_is_named(string text, string expected)
    {
        var missing = Assert.Throws<StepFailedException>(() => SecretReference.Resolve(text, _ => null));

        Assert.StartsWith(expected, missing.Message, StringComparison.Ordinal);
    }
}
