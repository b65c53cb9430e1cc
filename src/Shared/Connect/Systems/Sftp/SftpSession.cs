using System.Net;
using System.Net.Sockets;
using System.Text;
using DataIngestion.Contracts;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;

namespace DataIngestion.Connect;

/// <summary>Opens SFTP sessions of one source, and says what went wrong.</summary>
internal sealed class SftpSession(SourceSite site, SftpOptions options)
{
    static readonly string[] Weak = ["sha1", "-cbc", "3des", "md5", "ssh-rsa", "ssh-dss", "arcfour", "blowfish", "-96"];

    string Host => site.Address.IdnHost.Trim('[', ']');

    int Port => site.Address.IsDefaultPort || site.Address.Port <= 0 ? 22 : site.Address.Port;

    /// <summary>Connects to the first address that answers, checks its key, and logs in.</summary>
    /// <exception cref="StepFailedException">It cannot be done.</exception>
    public async Task<SftpClient> OpenAsync(CancellationToken cancellationToken)
    {
        var keys = await HostKeys.ReadAsync(site, Host, Port, options, cancellationToken);
        StepFailedException? last = null;
        foreach (var address in await AddressesAsync(cancellationToken))
        {
            try
            {
                return await OpenAsync(address, keys, cancellationToken);
            }
            catch (StepFailedException failed) when (failed.Failure is { IsTransient: true })
            {
                last = failed;
            }
        }

        throw last!;
    }

    /// <summary>Whether an exception is the library's or the network's.</summary>
    public static bool IsKnown(Exception exception) =>
        exception is SshException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>A library's exception as a failure; null when it is none of its own.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="what">What was asked for, for people.</param>
    public StepFailedException? Translate(Exception exception, string what) => exception switch
    {
        SftpPathNotFoundException => site.Fail("not-found", $"{what}: there is no such file or folder.", isTransient: false, exception),
        SftpPermissionDeniedException => site.Fail("forbidden", $"{what}: the user has no right to it.", isTransient: false, exception),
        SshOperationTimeoutException or TimeoutException => site.Fail("timeout", $"{what}: no answer within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true, exception),
        SshConnectionException or SocketException or IOException or ObjectDisposedException => site.Fail("source-unavailable", $"{what}: the connection broke.", isTransient: true, exception),
        SshException => site.Fail("source-unavailable", $"{what}: the server said '{exception.Message}'.", isTransient: true, exception),
        _ => null,
    };

    async Task<SftpClient> OpenAsync(IPAddress address, HostKeys keys, CancellationToken cancellationToken)
    {
        // To the very address that was checked: the name could lead elsewhere a moment later.
        using var methods = Methods();
        var connection = new ConnectionInfo(address.ToString(), Port, methods.User, methods.All) { Timeout = site.Connection.Limits.AttemptTimeout };
        if (!options.WeakAlgorithms)
            Strengthen(connection);
        Hasten(connection.Encryptions);
        var client = new SftpClient(connection)
        {
            BufferSize = 64 << 10,
            KeepAliveInterval = options.KeepAlive,
            OperationTimeout = site.Connection.Limits.AttemptTimeout,
        };
        StepFailedException? refused = null;
        client.HostKeyReceived += (_, shown) =>
        {
            shown.CanTrust = keys.Trusts(shown.HostKey);
            if (!shown.CanTrust)
                refused = Refused(keys, shown);
        };
        try
        {
            await client.ConnectAsync(cancellationToken);
            return client;
        }
        catch (Exception exception)
        {
            client.Dispose();
            if (refused is not null)
                throw refused;
            if (Unopened(exception, methods.User, cancellationToken) is { } failed)
                throw failed;
            throw;
        }
    }

    async Task<IPAddress[]> AddressesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await site.ResolveHostAsync(Host, cancellationToken);
        }
        catch (SocketException unknown)
        {
            throw site.Fail("source-unavailable", $"the host '{Host}' has no address: {unknown.Message}.", isTransient: true, unknown);
        }
    }

    StepFailedException Refused(HostKeys keys, HostKeyEventArgs shown)
    {
        var seen = $"{shown.HostKeyName} {HostKeys.FingerprintOf(shown.HostKey)}";
        return keys.IsEmpty
            ? site.Fail("host-key-refused", $"the server shows the key {seen}, and nothing says whether it is the right one. Ask its owner; if it is, write 'hostKey: {HostKeys.FingerprintOf(shown.HostKey)}' into the connection.", isTransient: false)
            : site.Fail("host-key-refused", $"the server shows the key {seen}, which is none that 'hostKey' or 'knownHosts' allow. Either its owner has replaced the key (ask, then add it), or this is another server.", isTransient: false);
    }

    StepFailedException? Unopened(Exception exception, string user, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        SshAuthenticationException => site.Fail("unauthorized", $"the server did not let '{user}' in: {exception.Message} Check 'auth'.", isTransient: false, exception),
        SshConnectionException { DisconnectReason: DisconnectReason.KeyExchangeFailed } => site.Fail("protocol-error", $"no algorithm was agreed upon: {exception.Message} If the server cannot be renewed, 'weakAlgorithms: true' allows old ones.", isTransient: false, exception),
        SshOperationTimeoutException or OperationCanceledException => site.Fail("timeout", $"no answer within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true, exception),
        SocketException or SshException or IOException or ObjectDisposedException => site.Fail("source-unavailable", $"it cannot be connected to: {exception.Message}", isTransient: true, exception),
        _ => null,
    };

    // What the server is offered; disposed when it has been used.
    LogIn Methods()
    {
        if (site.Login is { } login)
            return new(login.UserName, [.. Passwords(login.UserName, login.Password)]);
        if (site.Connection.Auth is not { Kind: SshKeyAuthentication.KindName } auth)
            throw site.Fail("configuration-invalid", "SFTP needs 'auth' of the kind basic (password) or ssh-key.", isTransient: false);
        var key = OptionsBinder.Bind<SshKeyOptions>(auth.Options);
        var user = site.Resolve(key.User)!;
        return new(user, [new PrivateKeyAuthenticationMethod(user, KeyOf(key)), .. key.Password is null ? [] : Passwords(user, site.Resolve(key.Password)!)]);
    }

    PrivateKeyFile KeyOf(SshKeyOptions key)
    {
        var text = site.Resolve(key.Value)!.Trim();
        var bytes = new byte[text.Length];
        if (!text.Contains('\n', StringComparison.Ordinal) && Convert.TryFromBase64String(text, bytes, out var length))
            text = Encoding.UTF8.GetString(bytes, 0, length);
        try
        {
            return new(new MemoryStream(Encoding.UTF8.GetBytes(text + "\n")), site.Resolve(key.Passphrase));
        }
        catch (Exception unreadable) when (unreadable is SshException or ArgumentException or InvalidOperationException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            var locked = unreadable is SshPassPhraseNullOrEmptyException;
            throw site.Fail(
                "configuration-invalid",
                locked ? "the private key has a passphrase: give it as 'auth.passphrase'." : $"the private key of 'auth.value' cannot be read{(key.Passphrase is null ? "" : ", or its passphrase is wrong")}: expected OpenSSH, PEM or PuTTY text.",
                isTransient: false,
                locked ? unreadable : null); // what a parser says may quote the key
        }
    }

    // Servers ask for a password either way.
    static AuthenticationMethod[] Passwords(string user, string password)
    {
        var asked = new KeyboardInteractiveAuthenticationMethod(user);
        asked.AuthenticationPrompt += (_, questions) =>
        {
            foreach (var question in questions.Prompts)
                question.Response = password;
        };
        return [new PasswordAuthenticationMethod(user, password), asked];
    }

    static void Strengthen(ConnectionInfo connection)
    {
        Strengthen(connection.KeyExchangeAlgorithms);
        Strengthen(connection.Encryptions);
        Strengthen(connection.HmacAlgorithms);
        Strengthen(connection.HostKeyAlgorithms);
    }

    static void Strengthen<T>(IDictionary<string, T> algorithms)
    {
        foreach (var name in algorithms.Keys.Where(n => Array.Exists(Weak, w => n.Contains(w, StringComparison.Ordinal))).ToList())
            algorithms.Remove(name);
    }

    // AES-GCM is done by the processor, encryption and check in one: twice as fast as what libraries prefer.
    static void Hasten<T>(IDictionary<string, T> encryptions)
    {
        foreach (var (name, cipher) in encryptions.Where(e => !e.Key.Contains("gcm", StringComparison.Ordinal)).ToList())
        {
            encryptions.Remove(name);
            encryptions.Add(name, cipher); // behind the others
        }
    }

    sealed record LogIn(string User, AuthenticationMethod[] All) : IDisposable
    {
        public void Dispose()
        {
            foreach (var method in All.OfType<IDisposable>())
                method.Dispose();
        }
    }
}
