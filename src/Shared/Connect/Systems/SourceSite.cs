using System.Net;
using System.Net.Sockets;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A source as a system sees it when it opens a connection: where it is, what its options are, and how to get there.</summary>
public sealed class SourceSite
{
    readonly AddressGuard _guard;

    internal SourceSite(SourceDefinition source, SourceSecrets secrets, AddressGuard guard, TimeProvider time)
    {
        (Source, Secrets, _guard, Time) = (source, secrets, guard, time);
        Address = Uri.TryCreate(secrets.Resolve(Connection.BaseUrl), UriKind.Absolute, out var address)
            && address.UserInfo.Length == 0
            ? address
            : throw new StepFailedException(new() { Code = "address-refused", Message = $"The base address '{Connection.BaseUrl}' of the source '{source.Source}' is not an absolute address without credentials." });
    }

    /// <summary>The source.</summary>
    public SourceDefinition Source { get; }

    /// <summary>Its connection.</summary>
    public ConnectionDefinition Connection => Source.Connection!;

    /// <summary>The base address, references resolved.</summary>
    public Uri Address { get; }

    /// <summary>The address for messages: without credentials, query and fragment.</summary>
    public string Display => Secrets.Mask(Address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped));

    /// <summary>Resolves and masks.</summary>
    internal SourceSecrets Secrets { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The connection's options.</summary>
    public T Options<T>()
        where T : class => OptionsBinder.Bind<T>(Connection.Options);

    /// <summary>A text of the configuration with its references resolved; null stays null.</summary>
    /// <exception cref="StepFailedException">A setting is missing (<c>setting-missing</c>).</exception>
    public string? Resolve(string? text) => text is null ? null : Secrets.Resolve(text);

    /// <summary>User and password of <c>auth: {kind: basic}</c>, resolved; null when there is no such authentication.</summary>
    public NetworkCredential? Login => Connection.Auth is { Kind: "basic" } auth ? new(Resolve(auth["user"]), Resolve(auth["value"])) : null;

    /// <summary>TLS as the connection wants it; reads its certificates anew.</summary>
    /// <exception cref="StepFailedException">A certificate or key cannot be read (<c>configuration-invalid</c>).</exception>
    internal TlsPolicy Tls() => new(Connection.Tls, Address.IdnHost, Secrets, Time);

    /// <summary>What ways of authentication need to know of this source; null when the connection has no <c>auth</c>.</summary>
    internal AuthenticationContext? Authentication => Connection.Auth is { } auth ? new(Source.Source, auth, Secrets) : null;

    /// <summary>A text from the system with every secret replaced by <c>***</c>, for messages.</summary>
    public string Mask(string text) => Secrets.Mask(text);

    /// <summary>Checks that a host may be connected to, for libraries that open their own sockets. Connect to the addresses returned, not to the name.</summary>
    /// <exception cref="StepFailedException">It is on this machine or a private network, and that is not allowed (<c>address-refused</c>); or it has no address.</exception>
    public Task<IPAddress[]> ResolveHostAsync(string host, CancellationToken cancellationToken) => _guard.ResolveAsync(host, Connection.AllowPrivateNetwork, cancellationToken);

    /// <summary>Opens a TCP connection to a host that may be connected to.</summary>
    public Task<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken) =>
        _guard.ConnectSocketAsync(new(host, port), Connection.AllowPrivateNetwork, cancellationToken);

    /// <summary>A failure of this source, its text masked.</summary>
    /// <param name="code">Short name, such as <c>source-unavailable</c>, <c>unauthorized</c>, <c>not-found</c>, <c>configuration-invalid</c>.</param>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="isTransient">Whether trying again may help.</param>
    /// <param name="cause">The library's exception.</param>
    public StepFailedException Fail(string code, string message, bool isTransient, Exception? cause = null)
    {
        var failure = new Failure { Code = code, Message = $"{Display}: {Mask(message)}", IsTransient = isTransient, ErrorType = cause?.GetType().Name };
        return cause is null ? new(failure) : new(failure, new MaskedException(Mask(cause.Message), cause.GetType().Name));
    }

    // A library's exception may quote connection strings and statements; only its masked text goes on.
    sealed class MaskedException(string message, string type) : Exception($"{type}: {message}");
}
