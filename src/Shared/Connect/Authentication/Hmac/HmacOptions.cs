using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What a signature is made with.</summary>
internal enum HmacAlgorithm
{
    Sha256, Sha384, Sha512, Sha1, Md5,

    /// <summary>RSA with SHA-256 and PKCS #1 padding; the secret is a private key in PEM.</summary>
    RsaSha256,
}

/// <summary>How the secret is written.</summary>
internal enum SecretForm
{
    Utf8, Base64, Hex,
}

/// <summary>How the signature is written.</summary>
internal enum SignatureForm
{
    Hex, HexUpper, Base64,
}

/// <summary>
/// How a request is signed: a text made of its parts, and where the signature and what belongs to it go. Texts hold the placeholders of
/// <see cref="HmacText"/>, such as <c>&lt;timestampMs&gt;</c>.
/// </summary>
internal sealed partial record HmacOptions : IValidatableObject
{
    /// <summary>Public part of the key; may be a reference.</summary>
    [Required]
    public required string ApiKey { get; init; }

    /// <summary>Reference to the secret that is signed with.</summary>
    [Secret]
    public required string Secret { get; init; }

    /// <summary>Reference to a third part that some vendors want.</summary>
    [Secret]
    public string? Passphrase { get; init; }

    /// <summary>The text that is signed, such as <c>&lt;timestamp&gt;&lt;method&gt;&lt;pathWithQuery&gt;&lt;body&gt;</c>.</summary>
    [Required]
    public required string Sign { get; init; }

    /// <summary>A text whose SHA-256 stands, as bytes, for <c>&lt;prehash&gt;</c> in <see cref="Sign"/>.</summary>
    public string? Prehash { get; init; }

    /// <summary>What is signed with; default sha256.</summary>
    public HmacAlgorithm Algorithm { get; init; }

    /// <summary>How the secret is written; default utf8, which is as it stands.</summary>
    public SecretForm SecretForm { get; init; }

    /// <summary>How the signature is written; default hex.</summary>
    public SignatureForm SignatureForm { get; init; }

    /// <summary>Headers that are set.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Query parameters that are added, before signing unless they hold the signature.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    /// <summary>Fields that are put before those of a form in the body.</summary>
    public IReadOnlyDictionary<string, string> Form { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the vendor shall accept the request, for <c>&lt;recvWindow&gt;</c>; 1 s to 1 min, default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan RecvWindow { get; init; } = TimeSpan.FromSeconds(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Member, string Text)[] texts =
        [
            (nameof(Sign), Sign), (nameof(Prehash), Prehash ?? ""),
            .. Headers.Select(h => ($"{nameof(Headers)}[{h.Key}]", h.Value)), .. Query.Select(q => ($"{nameof(Query)}[{q.Key}]", q.Value)), .. Form.Select(f => ($"{nameof(Form)}[{f.Key}]", f.Value)),
        ];
        foreach (var (member, text) in texts)
        {
            foreach (var name in HmacText.NamesIn(text).Where(n => !HmacText.Names.Contains(n)))
                yield return new($"<{name}> is no part of a request: {Suggestion.Phrase(name, HmacText.Names)}", [member]);
        }

        if (!texts.Where(t => t.Member is not (nameof(Sign) or nameof(Prehash))).Any(t => t.Text.Contains("<signature>", StringComparison.Ordinal)))
            yield return new("the signature goes nowhere: put <signature> into one of 'headers' or 'query'.");
        if (Sign.Contains("<signature>", StringComparison.Ordinal) || Form.Values.Any(f => f.Contains("<signature>", StringComparison.Ordinal)))
            yield return new("what is signed cannot hold the signature.", [nameof(Sign)]);
        if (Prehash is null == Sign.Contains("<prehash>", StringComparison.Ordinal))
            yield return new("'prehash' and <prehash> in 'sign' belong together.", [nameof(Prehash)]);
        if (Passphrase is null && texts.Any(t => t.Text.Contains("assphrase>", StringComparison.Ordinal)))
            yield return new("'passphrase' is missing.");
    }
}

/// <summary>Texts with parts of a request in them.</summary>
internal static partial class HmacText
{
    /// <summary>What may stand between angle brackets.</summary>
    public static readonly IReadOnlyCollection<string> Names =
    [
        "timestamp", "timestampMs", "timestampIso", "nonce", "uuid", "method", "host", "path", "query", "pathWithQuery", "contentType", "body", "bodySha256",
        "apiKey", "passphrase", "signedPassphrase", "recvWindow", "prehash", "signature",
    ];

    public static IEnumerable<string> NamesIn(string text) => Pattern().Matches(text).Select(m => m.Groups["name"].Value);

    /// <summary>The text with its placeholders replaced.</summary>
    public static string Fill(string text, Func<string, string> part) => Pattern().Replace(text, m => part(m.Groups["name"].Value));

    [GeneratedRegex("<(?<name>[A-Za-z0-9]+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Pattern();
}
