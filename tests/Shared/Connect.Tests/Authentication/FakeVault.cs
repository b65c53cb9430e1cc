using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect.Tests;

/// <summary>Key Vault's REST interface for secrets, with its challenge, and for keys that wrap, over TLS.</summary>
internal sealed class FakeVault : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly X509Certificate2 _certificate;
    readonly HttpClientTransport _transport;

    FakeVault(WebApplication app, X509Certificate2 certificate)
    {
        (_app, _certificate) = (app, certificate);
#pragma warning disable MA0039 // exactly the certificate that this server has just made for itself
        _transport = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate.Thumbprint });
#pragma warning restore MA0039
    }

    public ConcurrentDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Path and token of every request.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Answered in place of the secret.</summary>
    public HttpStatusCode? Fault { get; set; }

    /// <summary>The inner code that goes with <see cref="Fault"/>.</summary>
    public string InnerCode { get; set; } = "ForbiddenByRbac";

    /// <summary>Versions of the key <c>wrap</c>, oldest first.</summary>
    public List<(string Version, RSA Key)> Keys { get; } = [];

    /// <summary>Operations with keys, such as <c>wrapkey v1</c>.</summary>
    public ConcurrentQueue<string> KeyOperations { get; } = [];

    public Uri Key => new(Address, "keys/wrap");

    public Uri Address { get; private set; } = null!;

    public static async Task<FakeVault> StartAsync()
    {
        using var key = RSA.Create(2048);
        using var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        var vault = new FakeVault(builder.Build(), certificate);
        vault._app.MapGet("/secrets/{name}/{version?}", vault.AnswerAsync);
        vault._app.MapGet("/keys/wrap", context => vault.AnswerKeyAsync(context, "get", null));
        vault._app.MapPost("/keys/wrap/{version}/{operation}", (HttpContext context, string version, string operation) => vault.AnswerKeyAsync(context, operation, version));
        await vault._app.StartAsync();
        var port = new Uri(vault._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        vault.Address = new($"https://127.0.0.1:{port}/");
        return vault;
    }

    public SecretClient Open(Uri address)
    {
        var options = new SecretClientOptions { Transport = _transport, DisableChallengeResourceVerification = true };
        options.Retry.MaxRetries = 0;
        return new(address, new Identity(), options);
    }

    public (TokenCredential Identity, ClientOptions Options) OpenKeys(Uri vault)
    {
        var options = new PlainOptions { Transport = _transport };
        options.Retry.MaxRetries = 0;
        return (new Identity(), options);
    }

    public void AddKeyVersion(string version) => Keys.Add((version, RSA.Create(2048)));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, key) in Keys)
            key.Dispose();
        await _app.DisposeAsync();
        _transport.Dispose();
        _certificate.Dispose();
    }

    async Task AnswerAsync(HttpContext context, string name, string? version)
    {
        var token = context.Request.Headers.Authorization.ToString();
        Asked.Enqueue($"{context.Request.Path} {token}");
        if (token != "Bearer vault-token https://vault.azure.net/.default")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer authorization=\"{Address}tenant\", resource=\"https://vault.azure.net\"";
        }
        else if (Fault is { } fault)
        {
            context.Response.StatusCode = (int)fault;
            await context.Response.WriteAsJsonAsync(new { error = new { code = "Forbidden", message = "Caller is not authorized" } });
        }
        else if (Secrets.TryGetValue(version is null ? name : $"{name}/{version}", out var value))
        {
            await context.Response.WriteAsJsonAsync(new { value, id = $"{Address}secrets/{name}/{version ?? "1"}", attributes = new { enabled = true } });
        }
        else
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { error = new { code = "SecretNotFound", message = "not found" } });
        }
    }

    async Task AnswerKeyAsync(HttpContext context, string operation, string? version)
    {
        KeyOperations.Enqueue($"{operation} {version}".TrimEnd());
        if (context.Request.Headers.Authorization.ToString() != "Bearer vault-token https://vault.azure.net/.default")
        {
            context.Response.StatusCode = 401;
            return;
        }

        if (Fault is { } fault)
        {
            context.Response.StatusCode = (int)fault;
            await context.Response.WriteAsJsonAsync(new { error = new { code = "Forbidden", message = "Caller is not authorized", innererror = new { code = InnerCode } } });
            return;
        }

        var found = Keys.FindLast(k => version is null || k.Version == version);
        if (found.Key is null)
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsJsonAsync(new { error = new { code = "KeyNotFound", message = "not found" } });
            return;
        }

        var kid = $"{Address}keys/wrap/{found.Version}";
        if (operation == "get")
        {
            await context.Response.WriteAsJsonAsync(new { key = new { kid, kty = "RSA" } });
            return;
        }

        var asked = (await System.Text.Json.Nodes.JsonNode.ParseAsync(context.Request.Body))!;
        if ((string?)asked["alg"] != "RSA-OAEP-256")
        {
            context.Response.StatusCode = 400;
            return;
        }

        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars((string)asked["value"]!);
        var done = operation == "wrapkey" ? found.Key.Encrypt(bytes, RSAEncryptionPadding.OaepSHA256) : found.Key.Decrypt(bytes, RSAEncryptionPadding.OaepSHA256);
        await context.Response.WriteAsJsonAsync(new { kid, value = System.Buffers.Text.Base64Url.EncodeToString(done) });
    }

    sealed class PlainOptions : ClientOptions;

    sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new($"vault-token {requestContext.Scopes[0]}", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
