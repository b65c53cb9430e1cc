using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>hmac</c>: requests signed with a shared secret (or RSA), as exchanges want it.</summary>
internal sealed class HmacAuthentication(SourceClocks clocks, Nonces nonces) : IAuthenticationKind
{
    // 'Date' has whole seconds and was written before the answer travelled.
    static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    public string Name => "hmac";

    public Type Options => typeof(HmacOptions);

    public async ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var options = context.Options<HmacOptions>();
        var now = clocks.NowAt(request.RequestUri!);
        var secrets = context.Secrets;
        var secret = secrets.Resolve(options.Secret);
        var passphrase = options.Passphrase is { } reference ? secrets.Resolve(reference) : "";
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["timestamp"] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["timestampMs"] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            ["timestampIso"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["nonce"] = nonces.Next().ToString(CultureInfo.InvariantCulture),
            ["uuid"] = Guid.NewGuid().ToString("D"),
            ["method"] = request.Method.Method,
            ["host"] = request.RequestUri!.IdnHost,
            ["apiKey"] = secrets.Resolve(options.ApiKey),
            ["passphrase"] = passphrase,
            ["recvWindow"] = ((long)options.RecvWindow.TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        string Fill(string text) => HmacText.Fill(text, name => parts[name]);

        if (options.Form.Count > 0)
            await AddAsync(request, options.Form.Select(f => KeyValuePair.Create(f.Key, Fill(f.Value))), cancellationToken);
        foreach (var (name, text) in options.Query.Where(q => !HoldsSignature(q.Value)))
            SetQuery(request, name, Fill(text));

        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        parts["path"] = request.RequestUri.AbsolutePath;
        parts["query"] = request.RequestUri.Query.TrimStart('?');
        parts["pathWithQuery"] = request.RequestUri.PathAndQuery;
        parts["contentType"] = request.Content?.Headers.ContentType?.ToString() ?? "";
        parts["body"] = Encoding.UTF8.GetString(body);
        parts["bodySha256"] = Convert.ToHexStringLower(SHA256.HashData(body));
        if (options.Passphrase is not null)
            parts["signedPassphrase"] = Signature(options, secret, Encoding.UTF8.GetBytes(passphrase));

        var message = Message(options, Fill);
        parts["signature"] = Signature(options, secret, message);
        secrets.Hide(parts["signature"]);
        if (parts.TryGetValue("signedPassphrase", out var signed))
            secrets.Hide(signed);

        foreach (var (name, text) in options.Query.Where(q => HoldsSignature(q.Value)))
            SetQuery(request, name, Fill(text));
        foreach (var (name, text) in options.Headers)
            RequestHeader.Set(request, name, Fill(text));
    }

    public ValueTask<bool> MendAsync(HttpResponseMessage answer, AuthenticationContext context, CancellationToken cancellationToken) =>
        ValueTask.FromResult(clocks.Learn(answer, Tolerance));

    static bool HoldsSignature(string text) => text.Contains("<signature>", StringComparison.Ordinal);

    // The prehash is bytes, not text.
    static byte[] Message(HmacOptions options, Func<string, string> fill)
    {
        var prehash = options.Prehash is { } text ? SHA256.HashData(Encoding.UTF8.GetBytes(fill(text))) : [];
        var pieces = options.Sign.Split("<prehash>").Select(piece => Encoding.UTF8.GetBytes(fill(piece))).ToList();
        return [.. pieces[0], .. pieces.Skip(1).SelectMany(piece => (byte[])[.. prehash, .. piece])];
    }

    static string Signature(HmacOptions options, string secret, byte[] message)
    {
        var digest = options.Algorithm is HmacAlgorithm.RsaSha256 ? SignRsa(secret, message) : Hash(options.Algorithm, Key(options.SecretForm, secret), message);
        return options.SignatureForm switch
        {
            SignatureForm.Base64 => Convert.ToBase64String(digest),
            SignatureForm.HexUpper => Convert.ToHexString(digest),
            _ => Convert.ToHexStringLower(digest),
        };
    }

#pragma warning disable CA5350, CA5351 // what a vendor asks for
    static byte[] Hash(HmacAlgorithm algorithm, byte[] key, byte[] message) => algorithm switch
    {
        HmacAlgorithm.Sha384 => HMACSHA384.HashData(key, message),
        HmacAlgorithm.Sha512 => HMACSHA512.HashData(key, message),
        HmacAlgorithm.Sha1 => HMACSHA1.HashData(key, message),
        HmacAlgorithm.Md5 => HMACMD5.HashData(key, message),
        _ => HMACSHA256.HashData(key, message),
    };
#pragma warning restore CA5350, CA5351

    static byte[] SignRsa(string pem, byte[] message)
    {
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(pem);
            return key.SignData(message, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw Invalid("a private key of RSA in PEM");
        }
    }

    static byte[] Key(SecretForm form, string secret)
    {
        try
        {
            return form switch
            {
                SecretForm.Base64 => Convert.FromBase64String(secret.Trim()),
                SecretForm.Hex => Convert.FromHexString(secret.Trim()),
                _ => Encoding.UTF8.GetBytes(secret),
            };
        }
        catch (FormatException)
        {
            throw Invalid(form is SecretForm.Base64 ? "base64" : "hexadecimal"); // the library's message may quote it
        }
    }

    static async Task AddAsync(HttpRequestMessage request, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get || request.Content is { Headers.ContentType.MediaType: not "application/x-www-form-urlencoded" })
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = "The authentication 'hmac' puts fields into the body: expected a POST with a form, or without a body." });
        var added = string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Key)}={Uri.EscapeDataString(f.Value)}"));
        var text = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        request.Content = new StringContent(text.Length > 0 ? $"{added}&{text}" : added, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
    }

    static void SetQuery(HttpRequestMessage request, string parameter, string value)
    {
        var address = request.RequestUri!;
        var name = Uri.EscapeDataString(parameter);
        var others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Where(part => part.Split('=', 2)[0] != name);
        request.RequestUri = new($"{address.GetLeftPart(UriPartial.Path)}?{string.Join('&', [.. others, $"{name}={Uri.EscapeDataString(value)}"])}");
    }

    static StepFailedException Invalid(string expected) => new(new() { Code = "setting-invalid", Message = $"The secret of the authentication 'hmac' is not what it should be: expected {expected}." });
}
