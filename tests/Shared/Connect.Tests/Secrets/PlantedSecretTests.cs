using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

/// <summary>Plants marked secrets in every template and way of authentication and looks for them in everything that comes out.</summary>
public sealed partial class PlantedSecretTests
{
    // Each is looked for whole; the marks in them are looked for where a form of its own would hide the whole.
    static readonly string[] Shapes = ["Mark3d-plain-s3cret", "Mark3d\"quo'ted\\s3cret", "Mark3d+pl/us=s3cret==", "Mark3d<a>&b%41;s3cret,{x}", "Mark3d-ümläut-s3cret-é"];

    static readonly string Pem = MakeKey();
    static readonly string EcPem = MakeEcKey();

    // What a source has to say besides, by template. A template without an entry fails the test, so none is forgotten.
    static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["api-key-header"] = "value=${S}",
        ["api-key-query"] = "value=${S}",
        ["api-key-cookie"] = "value=${S}",
        ["bearer-token"] = "value=${S}",
        ["basic-login"] = "user=reader|value=${S}",
        ["oauth2-client-credentials"] = "tokenUrl=@/token|clientId=me|clientSecret=${S}",
        ["oauth2-client-credentials-body"] = "tokenUrl=@/token|clientId=me|clientSecret=${S}",
        ["oauth2-private-key-jwt"] = "tokenUrl=@/token|clientId=me|privateKey=${PEM}|keyId=k",
        ["oauth2-refresh-token"] = "tokenUrl=@/token|clientId=me|clientSecret=${S}|refreshToken=${S2}",
        ["oauth2-authorization-code"] = "tokenUrl=@/token|authorizeUrl=@/authorize|clientId=me|clientSecret=${S}|scopes=read",
        ["oauth2-device-code"] = "tokenUrl=@/token|deviceUrl=@/device|clientId=me|clientSecret=${S}|scopes=read",
        ["oauth2-jwt-bearer"] = "tokenUrl=@/token|issuer=me|subject=me|privateKey=${PEM}",
        ["oauth2-saml-bearer"] = "tokenUrl=@/token|clientId=me|clientSecret=${S}|saml.issuer=me|saml.subject=me|saml.key=${PEM}",
        ["microsoft-entra"] = "tenant=acme|tokenUrl=@/token|clientId=me|clientSecret=${S}|scopes=read",
        ["auth0"] = "domain=acme.example|tokenUrl=@/token|clientId=me|clientSecret=${S}|audience=read",
        ["jwt-self-signed"] = "key=${PEM}|issuer=me",
        ["coinbase-cdp"] = "keyName=organizations/1/apiKeys/2|key=${EC}",
        ["session-login"] = "url=@/token|body={\"user\":\"me\",\"password\":\"${S}\"}|tokenPath=$.access_token",
        ["session-cookie"] = "url=@/token|body=user=me&password=${S}|name=sid",
        ["google-service-account"] = "key=${GOOGLE}|scopes=read",
        ["azure-managed-identity"] = "",
        ["azure-workload-identity"] = "",
        ["aws-signature"] = "region=eu-west-1|accessKeyId=AKID|secretAccessKey=${S}|sessionToken=${A}",
        ["saml-session"] = "issuer=me|subject=me|key=${PEM}|acsUrl=@/acs",
        ["hmac-sha256"] = "apiKey=me|secret=${S}",
        ["binance"] = "apiKey=me|secret=${S}",
        ["bitstamp"] = "apiKey=me|secret=${S}",
        ["bybit"] = "apiKey=me|secret=${S}",
        ["coinbase-exchange"] = "apiKey=me|secret=${B64}|passphrase=${A}",
        ["deribit"] = "apiKey=me|secret=${S}",
        ["kraken"] = "apiKey=me|secret=${B64}",
        ["kucoin"] = "apiKey=me|secret=${S}|passphrase=${A}",
        ["okx"] = "apiKey=me|secret=${S}|passphrase=${A}",
    };

    // Ways that no template is of, or that do more than their templates show.
    static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["none"] = "",
        ["api-key"] = "header=X-Key|value=${S}",
        ["bearer"] = "value=${S}",
        ["basic"] = "user=${A}|value=${S}",
        ["oauth2"] = "grant=client-credentials|tokenUrl=@/token?tenant=${A}|clientId=me|clientSecret=${S}|parameters.extra=${S2}",
        ["jwt"] = "key=${LONG}|algorithm=HS256|issuer=me",
        ["session"] = "url=@/token|user=me|password=${S}|tokenPath=$.access_token|query=sid",
        ["google-service-account"] = "key=${GOOGLE}|audience=me",
        ["azure-identity"] = "",
        ["azure-sas"] = "value=${SAS}",
        ["ssh-key"] = "",
        ["aws"] = "region=eu-west-1|accessKeyId=AKID|secretAccessKey=${S}|roleArn=arn:aws:iam::1:role/r|externalId=${A}|stsEndpoint=@/sts",
        ["saml"] = "issuer=me|subject=me|key=${PEM}|acsUrl=@/acs|attributes.role=${A}",
        ["hmac"] = "apiKey=${A}|secret=${S}|passphrase=${S2}|sign=<body>|query.signature=<signature>|query.key=<apiKey>|headers.X-Pass=<signedPassphrase>",
    };

    // Somebody has to consent first: nothing is asked until then, and what they say meanwhile is searched.
    static readonly string[] NeedConsent = ["oauth2-authorization-code", "oauth2-device-code"];

    // Asked for over the network of a cloud that is not there, or no way of HTTP.
    static readonly string[] NotAsked = ["azure-managed-identity", "azure-workload-identity", "azure-identity", "ssh-key"];

    public static TheoryData<string, int> Everything => [.. Names().SelectMany(name => Enumerable.Range(0, Shapes.Length).Select(shape => (name, shape)))];

    [Fact]
    public void No_template_and_no_way_is_forgotten()
    {
        using var services = Sources.Services();

        Assert.Equal([], AuthenticationTemplates.Load(null, null).Names.Except(Templates.Keys));
        Assert.Equal([], services.GetRequiredService<Authentications>().Names.Except(Kinds.Keys));
    }

    [Theory, MemberData(nameof(Everything))]
    public async Task A_planted_secret_comes_out_nowhere(string name, int shape)
    {
        using var outputs = new WatchedOutputs();
        var issued = "Mark3d-issued-" + Guid.NewGuid().ToString("N");
        var refusal = 0;
        await using var server = await LoopbackServer.StartAsync((context, _) => AnswerAsync(context, issued, refusal));
        var ascii = AsciiOnly().IsMatch(Shapes[shape]) ? Shapes[shape] : "Mark3d-ascii-s3cret";
        (string Name, string Value)[] planted =
        [
            ("S", name == "api-key-cookie" ? Shapes[0] : SendsAsHeader(name) ? ascii : Shapes[shape]), ("S2", Shapes[shape] + "-second"), ("LONG", Shapes[shape] + "-long-enough-for-a-key-of-hmac"), ("A", "Mark3d-ascii-" + shape), ("PEM", Pem), ("EC", EcPem),
            ("B64", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Shapes[shape]))), ("GOOGLE", Google(server.Address)), ("SAS", $"sv=2024-01-01&sig={Uri.EscapeDataString(ascii)}"),
        ];
        await using var services = Sources.Services(logs: outputs, settings: planted);
        var auth = DefinitionOf(name, server.Address);
        var source = Sources.At(server.Address, Sources.Quick with { Attempts = 2 }, auth);
        source = source with { Connection = source.Connection! with { Headers = new Dictionary<string, string> { ["X-Tenant"] = "${A}" } } };
        outputs.Add("command", JsonSerializer.Serialize(source));
        var http = services.GetRequiredService<ISourceHttp>();

        // Success, refusals by a source that says back what it was sent, a connection that breaks, an issuer that refuses, redirects.
        foreach (var status in (int[])[200, 400, 401, 500, 1, 2, 302])
        {
            refusal = status;
            foreach (var request in (SourceRequest[])[
                new() { Path = "/data/${A}", Query = [new("token", "${S2}")] },
                new() { Method = "POST", Path = "/data", Body = "a=${S2}", ContentType = "application/x-www-form-urlencoded", Headers = new Dictionary<string, string> { ["X-More"] = "${A}" } }])
            {
                try
                {
                    await http.SendAsync(
                        source,
                        request,
                        (response, _) =>
                        {
                            outputs.Add("manifest", $"{response.Endpoint}\n{response.ContentType}\n{string.Join('\n', response.Headers)}\n{response.ResolveLink("?next=1&token=" + Uri.EscapeDataString(planted[1].Value))}");
                            return Task.FromResult(0);
                        },
                        TestContext.Current.CancellationToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    outputs.Add(fault);
                }
            }
        }

        try
        {
            outputs.Add("reply", JsonSerializer.Serialize(await services.GetRequiredService<Connector>().CheckAsync(new ConnectArguments(source), TestContext.Current.CancellationToken)));
        }
        catch (StepFailedException fault)
        {
            outputs.Add(fault);
        }

        Assert.True(outputs.HasLogs);
        Assert.True(NeedConsent.Contains(name) || !server.Received.IsEmpty, "nothing was asked: the row does not show anything");
        foreach (var secret in planted.Where(p => p.Name is not ("PEM" or "EC" or "GOOGLE" or "SAS")).Select(p => p.Value).Append(issued).Append(Pem.Split('\n')[3]).Append(EcPem.Split('\n')[1]))
            Assert.True(!outputs.Find(secret).Any(), $"{secret} is in {outputs.Find(secret).FirstOrDefault()}");
        Assert.True(!outputs.Find("Mark3d").Any(), $"a part of a secret is in {outputs.Find("Mark3d").FirstOrDefault()}");
    }

    static async Task AnswerAsync(HttpContext context, string issued, int refusal)
    {
        var isIssuer = context.Request.Path.Value is "/token" or "/sts" or "/acs" or "/device";
        if (isIssuer && refusal is not 2)
        {
            context.Response.Headers.SetCookie = $"sid={issued}; path=/";
            await context.Response.WriteAsync(context.Request.Path == "/sts"
                ? $"<r><Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>{issued}</SecretAccessKey><SessionToken>{issued}</SessionToken><Expiration>{DateTimeOffset.UtcNow.AddHours(1):O}</Expiration></Credentials></r>"
                : $$"""{"access_token":"{{issued}}","token_type":"Bearer","expires_in":2,"id_token":"{{issued}}"}""");
            return;
        }

        context.Request.Body.Position = 0;
        using var reader = new StreamReader(context.Request.Body);
        var echo = $"{context.Request.Path}{context.Request.QueryString}\n{string.Join('\n', context.Request.Headers.Select(h => $"{h.Key}: {h.Value}"))}\n{await reader.ReadToEndAsync()}\n{Uri.UnescapeDataString(context.Request.QueryString.Value!)}";
        if (refusal is 1)
        {
            context.Response.ContentLength = 100_000;
            await context.Response.WriteAsync(echo);
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        context.Response.StatusCode = refusal is 2 ? 400 : refusal;
        context.Response.Headers.ETag = $"\"{context.Request.Headers.Authorization}{context.Request.Headers.Cookie}{context.Request.Headers["X-Key"]}\"";
        context.Response.Headers["X-Request-Id"] = context.Request.QueryString.Value;
        if (refusal == 302)
            context.Response.Headers.Location = $"ftp://elsewhere.example/{context.Request.QueryString}";
        await context.Response.WriteAsync(echo);
    }

    static AuthenticationDefinition DefinitionOf(string name, Uri address)
    {
        var isTemplate = Templates.TryGetValue(name, out var text);
        var options = (isTemplate ? text! : Kinds[name["kind ".Length..]]).Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(o => o.Split('=', 2)).ToDictionary(o => o[0], o => o[1].Replace("@/", address.ToString(), StringComparison.Ordinal));
        return isTemplate ? new() { Template = name, Options = options } : new() { Kind = name["kind ".Length..], Options = options };
    }

    static IEnumerable<string> Names()
    {
        using var services = Sources.Services();
        return [.. AuthenticationTemplates.Load(null, null).Names.Where(n => Templates.ContainsKey(n) && !NotAsked.Contains(n)), .. services.GetRequiredService<Authentications>().Names.Where(n => Kinds.ContainsKey(n) && !NotAsked.Contains(n)).Select(n => "kind " + n)];
    }

    static bool SendsAsHeader(string name) => name is "api-key-header" or "bearer-token" or "kind api-key" or "kind bearer";

    static string Google(Uri address) => JsonSerializer.Serialize(new { type = "service_account", client_email = "me@example.com", private_key = Pem, private_key_id = "k", token_uri = new Uri(address, "token") });

    static string MakeKey()
    {
        using var key = RSA.Create(2048);
        return key.ExportPkcs8PrivateKeyPem();
    }

    static string MakeEcKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    [GeneratedRegex("^[\\x20-\\x7e]+$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex AsciiOnly();
}
