using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>Has assertions issued by an identity provider, and checks them; or makes and signs them.</summary>
internal sealed partial class SamlAssertions(IssuerHttp http, TimeProvider time) : ISamlAssertions
{
    public async Task<string> GetAsync(AuthenticationContext context, IReadOnlyDictionary<string, string> options, Uri recipient, CancellationToken cancellationToken) =>
        (await GetAsync(context, OptionsBinder.Bind<SamlAssertionOptions>(options), recipient, cancellationToken)).Assertion.OuterXml;

    /// <summary>A response with its assertion, checked.</summary>
    /// <param name="context">Whose it is.</param>
    /// <param name="options">What it is made of.</param>
    /// <param name="recipient">Where it will be used.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<(XmlElement Assertion, string Response)> GetAsync(AuthenticationContext context, SamlAssertionOptions options, Uri recipient, CancellationToken cancellationToken)
    {
        var secrets = context.Secrets;
        var audience = options.Audience is { } named ? secrets.Resolve(named) : recipient.OriginalString;
        if (options.Key is { } key)
        {
            var made = Make(options, secrets, secrets.Resolve(key), audience, recipient);
            return (made, made.OuterXml);
        }

        using var certificate = CertificateOf(options, secrets);
        var text = await AskAsync(options, secrets, cancellationToken);
        var expected = new SamlExpectation(certificate, secrets.Resolve(options.Issuer), audience, recipient, InResponseTo: null, time.GetUtcNow(), options.ClockSkew);
        return (SamlChecks.Accept(SamlXml.Read(text), expected), text);
    }

    // The provider's page posts itself to the service in a browser; the form is all that matters of it.
    async Task<string> AskAsync(SamlAssertionOptions options, SourceSecrets secrets, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(secrets.Resolve(options.IdpUrl!), UriKind.Absolute, out var address))
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = "'idpUrl' is not an address." });
        using var request = new HttpRequestMessage(options.Body is null ? HttpMethod.Get : HttpMethod.Post, address);
        if (options.Body is { } body)
            request.Content = new StringContent(secrets.ResolveEscaped(body), Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        if (options.User is { } user)
        {
            var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secrets.Resolve(user)}:{secrets.Resolve(options.Password!)}"));
            secrets.Hide(login);
            request.Headers.Authorization = new("Basic", login);
        }

        var answer = await http.SendAsync(request, secrets, cancellationToken);
        if (answer.Status is not HttpStatusCode.OK)
        {
            var transient = (int)answer.Status is 429 or >= 500;
            throw new StepFailedException(new()
            {
                Code = transient ? "source-unavailable" : "unauthorized",
                Message = $"{answer.Display} answered {(int)answer.Status} {answer.Status} to the log-in: check 'body', 'user' and 'password'.",
                IsTransient = transient,
                HttpStatus = (int)answer.Status,
                RetryNotBefore = answer.RetryNotBefore,
            });
        }

        var encoded = ResponseField().Match(answer.Body) is { Success: true } field ? WebUtility.HtmlDecode(field.Groups["value"].Value) : answer.Body.Trim();
        secrets.Hide(encoded);
        try
        {
            return encoded.StartsWith('<') ? encoded : Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            throw SamlChecks.Refuse($"{answer.Display} answered without a SAMLResponse; it may have asked for something else, such as a second factor");
        }
    }

    XmlElement Make(SamlAssertionOptions options, SourceSecrets secrets, string pem, string audience, Uri recipient)
    {
        var now = time.GetUtcNow();
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        XmlElement Add(XmlNode parent, string name, string? text = null, params ReadOnlySpan<(string Name, string Value)> attributes)
        {
            var element = document.CreateElement("saml", name, SamlXml.Assertion);
            foreach (var (attribute, value) in attributes)
                element.SetAttribute(attribute, value);
            if (text is not null)
                element.AppendChild(document.CreateTextNode(text));
            parent.AppendChild(element);
            return element;
        }

        var (begin, end) = (Stamp(now - options.ClockSkew), Stamp(now + options.Lifetime));
        var assertion = Add(document, "Assertion", null, ("ID", "_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20))), ("Version", "2.0"), ("IssueInstant", Stamp(now)));
        Add(assertion, "Issuer", secrets.Resolve(options.Issuer));
        var subject = Add(assertion, "Subject");
        Add(subject, "NameID", secrets.Resolve(options.Subject!));
        Add(Add(subject, "SubjectConfirmation", null, ("Method", "urn:oasis:names:tc:SAML:2.0:cm:bearer")), "SubjectConfirmationData", null, ("NotOnOrAfter", end), ("Recipient", recipient.OriginalString));
        Add(Add(Add(assertion, "Conditions", null, ("NotBefore", begin), ("NotOnOrAfter", end)), "AudienceRestriction"), "Audience", audience);
        Add(Add(Add(assertion, "AuthnStatement", null, ("AuthnInstant", Stamp(now))), "AuthnContext"), "AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:X509");
        if (options.Attributes.Count > 0)
        {
            var statement = Add(assertion, "AttributeStatement");
            foreach (var (name, value) in options.Attributes)
                Add(Add(statement, "Attribute", null, ("Name", name)), "AttributeValue", secrets.Resolve(value));
        }

        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            SamlXml.Sign(assertion, key);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new StepFailedException(new() { Code = "setting-invalid", Message = "The 'key' of the SAML assertion is not what it should be: expected a private key of RSA in PEM." });
        }

        return assertion;
    }

    static X509Certificate2 CertificateOf(SamlAssertionOptions options, SourceSecrets secrets)
    {
        try
        {
            var value = secrets.Resolve(options.Certificate!);
            return X509Certificate2.CreateFromPem(value.Contains("-----BEGIN", StringComparison.Ordinal) ? value : File.ReadAllText(value));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StepFailedException(new() { Code = "configuration-invalid", Message = "The 'certificate' of the identity provider cannot be read: expected PEM." });
        }
    }

    static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex("""<input[^>]*\bname\s*=\s*["']SAMLResponse["'][^>]*\bvalue\s*=\s*["'](?<value>[^"']*)["']""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 500)]
    private static partial Regex ResponseField();
}
