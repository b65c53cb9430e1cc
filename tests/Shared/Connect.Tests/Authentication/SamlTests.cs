using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class SamlTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    static readonly Uri Acs = new("https://service.example/acs");

    readonly RSA _key = RSA.Create(2048);
    readonly X509Certificate2 _certificate;
    readonly TemporaryFolder _folder = new("saml");

    public SamlTests() => _certificate = CertificateOf(_key);

    [Fact]
    public async Task An_assertion_of_ones_own_passes_the_checks_of_others()
    {
        var document = SamlXml.Read(await MakeAsync());

        var accepted = SamlChecks.Accept(document, Expected());

        Assert.Equal("reader & co", accepted["Subject", SamlXml.Assertion]!["NameID", SamlXml.Assertion]!.InnerText);
        Assert.Equal("Issuer,Signature,Subject,Conditions,AuthnStatement,AttributeStatement", string.Join(',', accepted.ChildNodes.Cast<XmlNode>().Select(n => n.LocalName)));
    }

    public enum Attack
    {
        None, Unsigned, OtherKey, Changed, Expired, NotYet, OtherIssuer, OtherAudience, OtherRecipient, AnswersARequest, CommentInName, WrappedBefore, WrappedInside, SameId, Entities, TwoSignatures, Huge,
    }

    [Theory]
    [InlineData(Attack.None, null)]
    [InlineData(Attack.Unsigned, "is not signed by the provider's certificate")]
    [InlineData(Attack.OtherKey, "is not signed by the provider's certificate")]
    [InlineData(Attack.Changed, "is not signed by the provider's certificate")]
    [InlineData(Attack.Expired, "it expired on 2026-03-02T09:05:00")]
    [InlineData(Attack.NotYet, "it is not valid before 2026-03-02T08:59:00")]
    [InlineData(Attack.OtherIssuer, "it was issued by 'urn:test:idp', not by 'urn:other'")]
    [InlineData(Attack.OtherAudience, "it is not for the audience 'urn:other'")]
    [InlineData(Attack.OtherRecipient, "it is not confirmed for 'https://other.example/acs' now")]
    [InlineData(Attack.AnswersARequest, "it answers another request")]
    [InlineData(Attack.CommentInName, "'NameID' is not a plain text")]
    [InlineData(Attack.WrappedBefore, "is not signed by the provider's certificate")]
    [InlineData(Attack.WrappedInside, "is not signed by the provider's certificate")]
    [InlineData(Attack.SameId, "is not signed by the provider's certificate")]
    [InlineData(Attack.Entities, "without a document type")]
    [InlineData(Attack.TwoSignatures, "is not signed by the provider's certificate")]
    [InlineData(Attack.Huge, "without a document type")]
    public async Task A_response_that_was_tampered_with_is_refused(Attack attack, string? said)
    {
        var expected = Expected();
        expected = attack switch
        {
            Attack.OtherKey => expected with { Certificate = CertificateOf(RSA.Create(2048)) },
            Attack.Expired => expected with { Now = Now.AddMinutes(6) },
            Attack.NotYet => expected with { Now = Now.AddMinutes(-3) },
            Attack.OtherIssuer => expected with { Issuer = "urn:other" },
            Attack.OtherAudience => expected with { Audience = "urn:other" },
            Attack.OtherRecipient => expected with { Recipient = new("https://other.example/acs") },
            _ => expected,
        };
        var text = Tamper(attack, await MakeAsync());

        var fault = Record.Exception(() => SamlChecks.Accept(SamlXml.Read(text), expected));

        if (said is null)
        {
            Assert.Null(fault);
            return;
        }

        var failure = Assert.IsType<StepFailedException>(fault).Failure;
        Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_comment_in_a_name_does_not_shorten_it_even_when_it_is_signed_without_comments()
    {
        // Exclusive canonical XML leaves comments out, so the signature holds with one put in.
        var text = (await MakeAsync()).Replace("reader &amp; co", "reader<!-- --> &amp; co", StringComparison.Ordinal);
        var document = SamlXml.Read(text);

        Assert.True(SamlXml.IsSigned(document.DocumentElement!, _certificate));
        Assert.Throws<StepFailedException>(() => SamlChecks.Accept(document, Expected()));
    }

    [Fact]
    public async Task The_assertion_is_posted_once_and_the_session_kept_until_it_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            if (context.Request.Path == "/acs")
            {
                context.Response.Headers.Append("Set-Cookie", $"sid=session-{n}; Path=/; HttpOnly");
                context.Response.Redirect("/home");
                return Task.CompletedTask;
            }

            context.Response.StatusCode = n == 4 ? 401 : 200;
            return context.Response.WriteAsync("ok");
        });
        var time = new FakeTimeProvider(Now);
        await using var services = Sources.Services(time, settings: [("KEY", _key.ExportPkcs8PrivateKeyPem())]);
        var http = services.GetRequiredService<ISourceHttp>();
        var source = Sources.At(server.Address, auth: Auth("saml", ("issuer", "urn:test:idp"), ("subject", "reader"), ("key", "${KEY}"), ("acsUrl", new Uri(server.Address, "acs").ToString())));

        await http.GetTextAsync(source);
        await http.GetTextAsync(source);
        time.Advance(TimeSpan.FromMinutes(1)); // older than what is taken for the refusal of a new session
        await http.GetTextAsync(source);

        Assert.Equal(["/acs", "/data", "/data", "/data", "/acs", "/data"], server.Received.Select(r => r.Path));
        Assert.Equal(["sid=session-1", "sid=session-1", "sid=session-1", "sid=session-5"], server.Received.Where(r => r.Path == "/data").Select(r => r.Headers["Cookie"]));
        var posted = Encoding.UTF8.GetString(Convert.FromBase64String(Uri.UnescapeDataString(server.Received.First().Body["SAMLResponse=".Length..])));
        var acs = new Uri(server.Address, "acs");
        SamlChecks.Accept(SamlXml.Read(posted), Expected() with { Audience = acs.ToString(), Recipient = acs });
    }

    [Theory, InlineData("assertion"), InlineData("response")]
    [Trait("Category", "server")]
    public async Task The_assertion_of_an_identity_provider_is_checked_and_taken_to_the_service(string signed)
    {
        var idpKey = Write("idp.key", _key.ExportPkcs8PrivateKeyPem());
        var certificate = Write("idp.pem", _certificate.ExportCertificatePem());
        using var others = CertificateOf(RSA.Create(2048));
        var stranger = Write("other.pem", others.ExportCertificatePem());
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Headers.Append("Set-Cookie", "sid=of-the-service; Path=/");
            return context.Response.WriteAsync("ok");
        });
        var acs = new Uri(server.Address, "acs").ToString();
        await using var provider = await TestServer.StartAsync("saml", settings: new Dictionary<string, string>
        {
            ["SAML_CERT"] = certificate,
            ["SAML_KEY"] = idpKey,
            ["SAML_ACS"] = acs,
            ["SAML_AUDIENCE"] = "urn:service",
            ["SAML_PASSWORD"] = "p&ss=wörd",
            ["SAML_SIGN"] = signed,
        }, cancellationToken: TestContext.Current.CancellationToken);
        await using var services = Sources.Services(settings: [("PASSWORD", "p&ss=wörd"), ("WRONG", "something-else")]);
        Task<SourceExchange<string>> AskAsync(string trusted, string password = "${PASSWORD}", string audience = "urn:service") => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, Sources.Quick with { Attempts = 1 }, Auth(
            "saml", ("idpUrl", $"http://127.0.0.1:{provider.Port}/login"), ("body", $"user=reader&password={password}"), ("certificate", trusted), ("issuer", "urn:test:idp"), ("audience", audience), ("acsUrl", acs))));

        await AskAsync(certificate);
        Assert.Equal("sid=of-the-service", server.Received.Last().Headers["Cookie"]);
        Assert.StartsWith("SAMLResponse=", server.Received.First().Body, StringComparison.Ordinal);

        foreach (var (refused, said) in ((Func<Task>, string)[])[
            (() => AskAsync(stranger), "is not signed by the provider's certificate"),
            (() => AskAsync(certificate, audience: "urn:another"), "it is not for the audience 'urn:another'"),
            (() => AskAsync(certificate, "${WRONG}"), "answered 403 Forbidden to the log-in")])
        {
            var failure = await Sources.FailureOfAsync(refused);
            Assert.Equal(("unauthorized", false), (failure.Code, failure.IsTransient));
            Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_endpoint_is_given_the_assertion()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync(
            context.Request.Path == "/token" ? """{"access_token":"issued-token","token_type":"Bearer","expires_in":600}""" : "ok"));
        await using var services = Sources.Services(new FakeTimeProvider(Now), settings: [("KEY", _key.ExportPkcs8PrivateKeyPem())]);
        var endpoint = new Uri(server.Address, "token");

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: Auth(
            "oauth2", ("grant", "saml-bearer"), ("tokenUrl", endpoint.ToString()), ("clientId", "me"), ("saml.issuer", "urn:test:idp"), ("saml.subject", "reader"), ("saml.key", "${KEY}"))));

        Assert.Equal("Bearer issued-token", server.Received.Last().Headers["Authorization"]);
        var sent = server.Received.First().Body.Split('&').Single(p => p.StartsWith("assertion=", StringComparison.Ordinal))["assertion=".Length..];
        var assertion = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(sent));
        SamlChecks.Accept(SamlXml.Read(assertion), Expected() with { Audience = endpoint.ToString(), Recipient = endpoint });
    }

    public void Dispose()
    {
        _key.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    string Tamper(Attack attack, string assertion)
    {
        var evil = assertion.Replace("reader &amp; co", "admin", StringComparison.Ordinal);
        var withoutSignature = System.Text.RegularExpressions.Regex.Replace(evil, "<Signature .*</Signature>", "", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        var otherId = withoutSignature.Replace("ID=\"_", "ID=\"_evil", StringComparison.Ordinal);
        var signature = System.Text.RegularExpressions.Regex.Match(assertion, "<Signature .*</Signature>", System.Text.RegularExpressions.RegexOptions.Singleline, TimeSpan.FromSeconds(1)).Value;
        return attack switch
        {
            Attack.Unsigned => Response(withoutSignature),
            Attack.Changed => Response(evil),
            Attack.AnswersARequest => Response(assertion, "InResponseTo=\"_1\""),
            Attack.CommentInName => Response(assertion.Replace("reader &amp; co", "reader<!---->&amp; co", StringComparison.Ordinal).Replace("reader<!---->&amp;", "reader<!----> &amp;", StringComparison.Ordinal)),
            Attack.WrappedBefore => Response(otherId + assertion),
            Attack.WrappedInside => Response(otherId.Replace("</saml:Issuer>", $"</saml:Issuer>{signature.Replace("</Signature>", $"<Object>{assertion}</Object></Signature>", StringComparison.Ordinal)}", StringComparison.Ordinal)),
            Attack.SameId => Response(withoutSignature.Replace("</saml:Issuer>", $"</saml:Issuer>{signature}", StringComparison.Ordinal) + assertion),
            Attack.TwoSignatures => Response(assertion.Replace(signature, signature + signature, StringComparison.Ordinal)),
            Attack.Entities => $"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{Response(assertion)}""",
            Attack.Huge => Response(assertion + $"<a>{new string('x', 300_000)}</a>"),
            _ => Response(assertion),
        };
    }

    static string Response(string content, string attributes = "") =>
        $"""<samlp:Response xmlns:samlp="{SamlXml.Protocol}" ID="_response" Version="2.0" {attributes}><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{content}</samlp:Response>""";

    SamlExpectation Expected() => new(_certificate, "urn:test:idp", "urn:service", Acs, null, Now, TimeSpan.FromMinutes(1));

    async Task<string> MakeAsync()
    {
        await using var services = Sources.Services(new FakeTimeProvider(Now), settings: [("KEY", _key.ExportPkcs8PrivateKeyPem())]);
        var connection = new ConnectionDefinition { BaseUrl = "https://service.example" };
        var secrets = await services.GetRequiredService<SecretReader>().ReadAsync(
            connection with { Auth = Auth("saml", ("key", "${KEY}")) }, null, TestContext.Current.CancellationToken);
        return await services.GetRequiredService<ISamlAssertions>().GetAsync(
            new("vendor", Auth("saml"), secrets),
            new Dictionary<string, string> { ["issuer"] = "urn:test:idp", ["subject"] = "reader & co", ["audience"] = "urn:service", ["key"] = "${KEY}", ["attributes.role"] = "analyst" },
            Acs,
            TestContext.Current.CancellationToken);
    }

    static AuthenticationDefinition Auth(string kind, params (string Name, string Value)[] options) => new() { Kind = kind, Options = options.ToDictionary(o => o.Name, o => o.Value) };

    static X509Certificate2 CertificateOf(RSA key) =>
        new CertificateRequest("CN=idp", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));

    string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
