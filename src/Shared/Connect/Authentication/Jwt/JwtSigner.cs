using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Signs JSON Web Tokens: RFC 7515, with the algorithms of RFC 7518.</summary>
internal static class JwtSigner
{
    static readonly Dictionary<string, Func<string, byte[], byte[]>> Ways = new(StringComparer.Ordinal)
    {
        ["RS256"] = (key, data) => Rsa(key, data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        ["RS384"] = (key, data) => Rsa(key, data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
        ["RS512"] = (key, data) => Rsa(key, data, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        ["PS256"] = (key, data) => Rsa(key, data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        ["ES256"] = (key, data) => Ec(key, data, HashAlgorithmName.SHA256, curveBits: 256),
        ["ES384"] = (key, data) => Ec(key, data, HashAlgorithmName.SHA384, curveBits: 384),
        ["HS256"] = (key, data) => HMACSHA256.HashData(Shared(key, bits: 256), data),
        ["HS384"] = (key, data) => HMACSHA384.HashData(Shared(key, bits: 384), data),
        ["HS512"] = (key, data) => HMACSHA512.HashData(Shared(key, bits: 512), data),
    };

    /// <summary>The algorithms by name.</summary>
    public static IReadOnlyCollection<string> Algorithms => Ways.Keys;

    /// <summary>What is wrong with an algorithm's name; null when nothing is.</summary>
    public static string? Fault(string algorithm) =>
        Ways.ContainsKey(algorithm) ? null : $"'{algorithm}' is no algorithm of signatures: {Suggestion.Phrase(algorithm, Algorithms)}";

    /// <summary>Signs.</summary>
    /// <param name="algorithm">One of <see cref="Algorithms"/>.</param>
    /// <param name="key">A private key in PEM; for HS a shared secret, as text or after <c>base64:</c>.</param>
    /// <param name="header">Members of the header besides <c>alg</c> and <c>typ</c>.</param>
    /// <param name="claims">The claims.</param>
    /// <exception cref="StepFailedException">The key does not fit (<c>setting-invalid</c>); the message holds nothing of it.</exception>
    public static string Sign(string algorithm, string key, JsonObject header, JsonObject claims)
    {
        header["alg"] = algorithm;
        header["typ"] = "JWT";
        var unsigned = $"{Encode(header)}.{Encode(claims)}";
        try
        {
            return $"{unsigned}.{Base64Url.EncodeToString(Ways[algorithm](key, Encoding.ASCII.GetBytes(unsigned)))}";
        }
        catch (Exception unfit) when (unfit is ArgumentException or CryptographicException or FormatException)
        {
            throw new StepFailedException(new()
            {
                Code = "setting-invalid",
                Message = $"The key for {algorithm} does not fit: expected {Expected(algorithm)}.",
                ErrorType = unfit.GetType().Name,
            });
        }
    }

    static string Expected(string algorithm) => algorithm switch
    {
        ['H', ..] => $"a shared secret of at least {int.Parse(algorithm.AsSpan(2)) / 8} bytes, as text or as 'base64:…'",
        "ES256" => "a private key on the curve P-256 in PEM",
        "ES384" => "a private key on the curve P-384 in PEM",
        _ => "an RSA private key of at least 2,048 bits in PEM",
    };

    static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    static byte[] Rsa(string key, byte[] data, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Pem(key));
        return rsa.KeySize >= 2048 ? rsa.SignData(data, hash, padding) : throw new CryptographicException("The key is short.");
    }

    static byte[] Ec(string key, byte[] data, HashAlgorithmName hash, int curveBits)
    {
        using var ec = ECDsa.Create();
        ec.ImportFromPem(Pem(key));
        return ec.KeySize == curveBits ? ec.SignData(data, hash) : throw new CryptographicException("The curve is another.");
    }

    // RFC 7518 §3.2: a key as long as the digest.
    static byte[] Shared(string key, int bits)
    {
        var bytes = key.StartsWith("base64:", StringComparison.Ordinal) ? Convert.FromBase64String(key[7..]) : Encoding.UTF8.GetBytes(key);
        return bytes.Length >= bits / 8 ? bytes : throw new CryptographicException("The key is short.");
    }

    // In variables of an environment the lines of a key are often joined by '\n' in two characters.
    static string Pem(string key) => key.Replace("\\n", "\n", StringComparison.Ordinal);
}
