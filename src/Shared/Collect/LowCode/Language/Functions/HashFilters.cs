using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Filters that hash and encode.</summary>
internal static class HashFilters
{
#pragma warning disable CA5350, CA5351 // Vendors ask for these in signatures and manifests in keys of records; nothing is kept safe by them here.
    static readonly Dictionary<string, Func<byte[], byte[]>> Hashes = new(StringComparer.Ordinal)
    {
        ["md5"] = MD5.HashData,
        ["sha1"] = SHA1.HashData,
        ["sha256"] = SHA256.HashData,
        ["sha384"] = SHA384.HashData,
        ["sha512"] = SHA512.HashData,
    };
#pragma warning restore CA5350, CA5351

    public static object? Hash(object? value, CallValues values)
    {
        var kind = values.Text(0, "hash_type", "md5");
        var salt = values.Find(1, "salt") is { } given && Operators.Truth(given) ? PythonText.Str(given) : "";
        return Hashes.TryGetValue(kind, out var hash)
            ? Convert.ToHexStringLower(hash(Encoding.UTF8.GetBytes(Clear(PythonText.Str(value) + salt))))
            : throw new TemplateException($"there is no hash '{kind}': expected one of {string.Join(", ", Hashes.Keys)}.");
    }

    public static object? Hmac(object? value, CallValues values)
    {
        var key = Clear(PythonText.Str(values.Need(0, "key")));
        var kind = values.Text(1, "hash_type", "sha256");
        return kind == "sha256"
            ? Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(Clear(PythonText.Str(value)))))
            : throw new TemplateException($"hmac does not know '{kind}': expected sha256.");
    }

    public static object? Base64Encode(object? value, CallValues values) => values.Budget.Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(value))));

    public static object? Base64Decode(object? value, CallValues values)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(Text(value)));
        }
        catch (Exception wrong) when (wrong is FormatException or DecoderFallbackException)
        {
            throw new TemplateException("base64decode got what is not text in base 64.");
        }
    }

    // A secret is a reference here: what is made of it would be made of the reference.
    static string Clear(string text) => !text.Contains("${", StringComparison.Ordinal) || !SecretReference.NamesIn(text).Any()
        ? text
        : throw new TemplateException("a secret cannot be encoded or hashed, because it is a reference: configure 'auth' on the connection with the kind that does it (basic, hmac, jwt).");

    static string Text(object? value) => value switch
    {
        string text => Clear(text),
        Undefined undefined => throw undefined.Fault(),
        // Python asks a value for a method of text that it does not have; nothing stands in for that.
        _ => throw new TemplateException($"expected text to encode, got {ValueNames.Of(value)}."),
    };
}
