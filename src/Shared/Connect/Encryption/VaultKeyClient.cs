using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using DataIngestion.Contracts;
using DataIngestion.Storage.Access;

namespace DataIngestion.Connect;

/// <summary>Gives the credential and the client options for a vault.</summary>
internal delegate (TokenCredential Identity, ClientOptions Options) OpenKeyVault(Uri vault);

/// <summary>
/// An RSA key in Key Vault that wraps other keys (RSA-OAEP-256), over the vault's REST interface. The key itself never leaves the vault.
/// </summary>
internal sealed class VaultKeyClient
{
    const string Algorithm = "RSA-OAEP-256";

    readonly Uri _key;
    readonly AzureResource _resource;
    readonly HttpPipeline _pipeline;

    /// <param name="key">Its address, <c>https://{vault}/keys/{name}</c>.</param>
    /// <param name="open">Gives the identity.</param>
    /// <param name="clientId">The identity's client id, for sentences.</param>
    public VaultKeyClient(Uri key, OpenKeyVault open, string? clientId)
    {
        _key = key;
        _resource = AzureResource.WrappingKey(key) with { ClientId = clientId };
        var (identity, options) = open(key);
        _pipeline = HttpPipelineBuilder.Build(options, new BearerTokenAuthenticationPolicy(identity, ScopeOf(key.IdnHost)));
    }

    /// <summary>What the key is called in sentences, and the role for it.</summary>
    public AzureResource Resource => _resource;

    /// <summary>Reads the address of a key.</summary>
    /// <returns>Null when the text is none.</returns>
    public static Uri? ParseKey(string? text) =>
        Uri.TryCreate(text?.TrimEnd('/'), UriKind.Absolute, out var key) && key is { Scheme: "https", Query: "", UserInfo: "", Segments: [_, "keys/", var name] } && name.Length > 0 && !name.EndsWith('/') ? key : null;

    /// <summary>The version of the key that is in force.</summary>
    /// <exception cref="StepFailedException">The vault does not give it.</exception>
    public async Task<string> CurrentVersionAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(RequestMethod.Get, _key.AbsoluteUri, body: null, cancellationToken);
        var id = answer["key"]?["kid"]?.GetValue<string>();
        return Uri.TryCreate(id, UriKind.Absolute, out var kid) && kid.Segments is [_, "keys/", _, var version]
            ? version.TrimEnd('/')
            : throw Fail("protocol-error", $"Key Vault says of {_resource.What} no version.", isTransient: false);
    }

    /// <summary>Wraps a key with one version of the vault's.</summary>
    /// <exception cref="StepFailedException">The vault refuses or is away.</exception>
    public Task<byte[]> WrapAsync(string version, byte[] key, CancellationToken cancellationToken) => TransformAsync(version, "wrapkey", key, cancellationToken);

    /// <summary>Unwraps what that version wrapped.</summary>
    /// <exception cref="StepFailedException">The vault refuses or is away.</exception>
    public Task<byte[]> UnwrapAsync(string version, byte[] wrapped, CancellationToken cancellationToken) => TransformAsync(version, "unwrapkey", wrapped, cancellationToken);

    /// <summary>The scope of tokens: the cloud's vaults as a whole.</summary>
    internal static string ScopeOf(string host) => host.IndexOf(".vault.", StringComparison.OrdinalIgnoreCase) is var dot and > 0 ? $"https://{host[(dot + 1)..]}/.default" : "https://vault.azure.net/.default";

    async Task<byte[]> TransformAsync(string version, string operation, byte[] value, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { alg = Algorithm, value = Base64Url.EncodeToString(value) });
        var answer = await AskAsync(RequestMethod.Post, $"{_key.AbsoluteUri}/{version}/{operation}", body, cancellationToken);
        try
        {
            return Base64Url.DecodeFromChars(answer["value"]?.GetValue<string>() ?? "");
        }
        catch (FormatException fault)
        {
            throw Fail("protocol-error", $"Key Vault answers '{operation}' with no bytes.", isTransient: false, fault);
        }
    }

    async Task<JsonNode> AskAsync(RequestMethod method, string address, byte[]? body, CancellationToken cancellationToken)
    {
        using var message = _pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri($"{address}?api-version=7.4"));
        message.Request.Headers.Add("Accept", "application/json");
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(body);
        }

        try
        {
            await _pipeline.SendAsync(message, cancellationToken);
            if (message.Response.Status == 200 && JsonNode.Parse(message.Response.Content) is { } answer)
                return answer;
            throw new RequestFailedException(message.Response);
        }
        catch (RequestFailedException gone) when (gone.Status == 404)
        {
            throw Fail("secret-missing", $"There is no {_resource.What["the ".Length..]}, or not the version that is asked for: make it ('az keyvault key create --kty RSA --size 3072 --ops wrapKey unwrapKey'), recover what was deleted, or correct '{_resource.Setting}'.", isTransient: false, gone);
        }
        catch (Exception fault) when (fault is RequestFailedException or AuthenticationFailedException or JsonException or AggregateException)
        {
            throw Explained(fault);
        }
    }

    // Names that lead nowhere and networks that swallow may be a matter of minutes; roles and rules are not.
    StepFailedException Explained(Exception fault)
    {
        if (fault is RequestFailedException { Status: 408 or 429 or >= 500 } busy)
            return Fail("secret-unavailable", $"Key Vault does not answer for {_resource.What} now ({busy.Status} {busy.ErrorCode}).", isTransient: true, fault);
        if (AccessFault.Of(_resource, fault) is not { } access)
            return Fail("protocol-error", $"Key Vault's answer for {_resource.What} cannot be understood ({fault.GetType().Name}).", isTransient: false, fault);
        var isTransient = access.Kind is AccessFaultKind.Name or AccessFaultKind.Unreachable;
        return Fail(isTransient ? "secret-unavailable" : "secret-refused", access.Message, isTransient, fault);
    }

    static StepFailedException Fail(string code, string message, bool isTransient, Exception? cause = null) =>
        new(new() { Code = code, Message = message, IsTransient = isTransient, ErrorType = cause?.GetType().Name }, cause);
}
