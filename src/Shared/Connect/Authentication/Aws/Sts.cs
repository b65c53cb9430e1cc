using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>AWS Security Token Service: takes on roles.</summary>
internal sealed class Sts(IssuerHttp http, SourceClocks clocks)
{
    static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(4);

    /// <summary>Takes on a role.</summary>
    /// <exception cref="StepFailedException">STS refuses (<c>unauthorized</c>, not transient) or cannot be asked (transient).</exception>
    public async Task<AwsCredentials> TakeOnAsync(AwsRole role, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(role, context, cancellationToken);
        if (!answer.Message.IsSuccessStatusCode && role.Keys is not null && clocks.Learn(answer.Message, Tolerance))
            answer = await AskAsync(role, context, cancellationToken);
        var said = Parse(answer.Body);
        if (!answer.Message.IsSuccessStatusCode)
            throw Refused(role, answer, context.Secrets.Mask($"{Text(said, "Code")} {Text(said, "Message")}".Trim()));
        if (Text(said, "AccessKeyId") is { } id && Text(said, "SecretAccessKey") is { } secret && Text(said, "SessionToken") is { } token
            && DateTimeOffset.TryParse(Text(said, "Expiration"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var end))
            return new(id, secret, token) { ExpiresAt = end };
        throw new StepFailedException(new() { Code = "protocol-error", Message = $"STS at '{role.Endpoint.Host}' answered without credentials: check 'stsEndpoint'." });
    }

    async Task<IssuerAnswer> AskAsync(AwsRole role, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("Version", "2011-06-15"),
            new("Action", role.TokenFile is null ? "AssumeRole" : "AssumeRoleWithWebIdentity"),
            new("RoleArn", role.Arn),
            new("RoleSessionName", role.Session),
            new("DurationSeconds", ((int)role.Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture)),
        };
        if (role.ExternalId is { } external)
            form.Add(new("ExternalId", external));
        if (role.TokenFile is { } file)
        {
            var token = await ReadAsync(file, cancellationToken);
            context.Secrets.Hide(token);
            form.Add(new("WebIdentityToken", token));
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, role.Endpoint) { Content = new FormUrlEncodedContent(form) };
        if (role.Keys is { } keys)
            await SigV4.SignAsync(request, keys, role.Region, "sts", clocks.NowAt(role.Endpoint), cancellationToken: cancellationToken);
        return await http.SendAsync(request, context.Secrets, cancellationToken);
    }

    static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return (await File.ReadAllTextAsync(file, cancellationToken)).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StepFailedException(new() { Code = "setting-missing", Message = $"The file '{file}' with the web identity token cannot be read: {fault.GetType().Name}." });
        }
    }

    static StepFailedException Refused(AwsRole role, IssuerAnswer answer, string said)
    {
        var status = (int)answer.Status;
        var transient = status is 429 or >= 500 || said.StartsWith("Throttling", StringComparison.Ordinal);
        return new(new()
        {
            Code = transient ? "source-unavailable" : "unauthorized",
            Message = $"STS at '{role.Endpoint.Host}' answered {status} to taking on the role '{role.Arn}': {(said.Length > 0 ? said : "no reason given")}.",
            IsTransient = transient,
            RetryNotBefore = transient ? answer.RetryNotBefore : null,
            HttpStatus = status,
        });
    }

    static XElement? Parse(string body)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(body), new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    static string? Text(XElement? said, string name) => said?.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;
}
