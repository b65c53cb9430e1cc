using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>
/// The control connection of FTP (RFC 959, 2228, 2389, 2428, 3659, 4217): one command after the other, replies of bounded size. Data
/// connections go to the address of the control connection, whatever the server says: an address that it gives could be anybody's.
/// </summary>
internal sealed class FtpControl : IAsyncDisposable
{
    const int MaxLine = 8 << 10;
    const int MaxLines = 2000;

    readonly SourceSite _site;
    readonly TlsPolicy? _tls;
    readonly SslClientAuthenticationOptions? _session; // the same for control and data, so that the session is resumed: servers may demand it
    readonly Encoding _encoding;
    readonly byte[] _buffer = new byte[MaxLine];
    readonly IPAddress _address;
    Stream _stream;
    int _filled;
    int _at;

    FtpControl(SourceSite site, TlsPolicy? tls, Encoding encoding, Socket socket)
    {
        (_site, _tls, _encoding) = (site, tls, encoding);
        _address = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _session = tls?.Options(site.Address.IdnHost);
    }

    /// <summary>Whether it can be used: no command is under way, and nothing broke.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>What the server said first.</summary>
    public string Greeting { get; private set; } = "";

    /// <summary>The folder that the log-in leads to.</summary>
    public string Home { get; private set; } = "/";

    /// <summary>What the server can do beyond RFC 959.</summary>
    public IReadOnlySet<string> Features { get; private set; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Connects, encrypts, logs in, and settles how files are sent.</summary>
    /// <exception cref="StepFailedException">It cannot be done.</exception>
    public static async Task<FtpControl> OpenAsync(SourceSite site, FtpOptions options, CancellationToken cancellationToken)
    {
        var encryption = options.Encryption ?? (site.Address.Scheme == "ftps" ? FtpEncryption.Implicit : FtpEncryption.Explicit);
        var port = site.Address.Port > 0 ? site.Address.Port : encryption is FtpEncryption.Implicit ? 990 : 21;
        Socket socket;
        try
        {
            using var limit = Limit(site, cancellationToken);
            socket = await site.ConnectAsync(site.Address.IdnHost.Trim('[', ']'), port, limit.Token);
        }
        catch (SocketException refused)
        {
            throw site.Fail("source-unavailable", $"it cannot be connected to: {refused.Message}.", isTransient: true, refused);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw site.Fail("timeout", $"no connection within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true, late);
        }

        var encoding = options.Encoding is FtpEncoding.Latin1 ? Encoding.Latin1 : Encoding.UTF8;
        var control = new FtpControl(site, encryption is FtpEncryption.None ? null : site.Tls(), encoding, socket);
        try
        {
            await control.BeginAsync(encryption, cancellationToken);
            return control;
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a command and returns its reply, whatever it is.</summary>
    /// <exception cref="StepFailedException">The connection broke, or the server ended it (421).</exception>
    public async Task<FtpReply> AskAsync(string command, CancellationToken cancellationToken)
    {
        if (command.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw _site.Fail("name-refused", "a name holds a line break, which FTP cannot send.", isTransient: false);
        return await GuardAsync(
            async stop =>
            {
                await _stream.WriteAsync(_encoding.GetBytes(command + "\r\n"), stop);
                return await ReadReplyAsync(stop);
            },
            cancellationToken);
    }

    /// <summary>Waits for the reply that ends a transfer.</summary>
    public Task<FtpReply> FinishAsync(CancellationToken cancellationToken) => GuardAsync(ReadReplyAsync, cancellationToken);

    /// <summary>Sends a command whose answer comes over a data connection.</summary>
    /// <param name="command">The command.</param>
    /// <param name="offset">Byte to begin at; 0 for the beginning.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The data; null with the reply when the server refuses.</returns>
    public async Task<(Stream? Data, FtpReply Reply)> TransferAsync(string command, long offset, CancellationToken cancellationToken)
    {
        var data = await OpenDataAsync(cancellationToken);
        try
        {
            if (offset > 0 && await AskAsync($"REST {offset}", cancellationToken) is { Code: not 350 } refused)
            {
                await data.DisposeAsync();
                return (null, refused);
            }

            var reply = await AskAsync(command, cancellationToken);
            if (!reply.IsPreliminary)
            {
                await data.DisposeAsync();
                return (null, reply);
            }

            // Until the transfer is finished, nothing else can be asked.
            IsUsable = false;
            return (_session is null ? data : await EncryptAsync(data, cancellationToken), reply);
        }
        catch
        {
            await data.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says that the transfer under way was ended in order.</summary>
    public void Ready() => IsUsable = true;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    async Task BeginAsync(FtpEncryption encryption, CancellationToken cancellationToken)
    {
        if (encryption is FtpEncryption.Implicit)
            _stream = await EncryptAsync(_stream, cancellationToken);
        var greeting = await FinishAsync(cancellationToken);
        if (greeting.IsPreliminary)
            greeting = await FinishAsync(cancellationToken); // "ready in n minutes"
        Greeting = Expect(greeting, "the greeting").Text;
        if (encryption is FtpEncryption.Explicit)
        {
            var reply = await AskAsync("AUTH TLS", cancellationToken);
            if (!reply.IsDone)
                throw _site.Fail("protocol-error", $"the server has no encryption ({reply}). If it is meant that everything, the password too, is sent in the open, set 'encryption: none'.", isTransient: false);
            if (_at < _filled)
                throw _site.Fail("protocol-error", "the server sent more in the open after it agreed to encrypt: somebody may be in between.", isTransient: false);
            _stream = await EncryptAsync(_stream, cancellationToken);
        }

        await LogInAsync(cancellationToken);
        if (_session is not null)
        {
            Expect(await AskAsync("PBSZ 0", cancellationToken), "PBSZ");
            Expect(await AskAsync("PROT P", cancellationToken), "encryption of files (PROT P)");
        }

        if (await AskAsync("FEAT", cancellationToken) is { Code: 211 } features)
            Features = features.Lines.Skip(1).Select(l => l.Trim().Split(' ')[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (_encoding is UTF8Encoding && Features.Contains("UTF8"))
            await AskAsync("OPTS UTF8 ON", cancellationToken); // some have it on always, and say no
        Expect(await AskAsync("TYPE I", cancellationToken), "binary transfer");
        if (await AskAsync("PWD", cancellationToken) is { Code: 257 } home && home.Text.IndexOf('"', StringComparison.Ordinal) is >= 0 and var from && home.Text.LastIndexOf('"') is var to && to > from + 1)
            Home = home.Text[(from + 1)..to].Replace("\"\"", "\"", StringComparison.Ordinal);
        IsUsable = true;
    }

    async Task LogInAsync(CancellationToken cancellationToken)
    {
        var login = _site.Login ?? new("anonymous", "anonymous@");
        var reply = await AskAsync($"USER {login.UserName}", cancellationToken);
        if (reply.Code == 331)
            reply = await AskAsync($"PASS {login.Password}", cancellationToken);
        if (reply.Code == 530 && (reply.Text.Contains("too many", StringComparison.OrdinalIgnoreCase) || reply.Text.Contains("maximum", StringComparison.OrdinalIgnoreCase)))
            throw _site.Fail("source-unavailable", $"the server lets nobody in now ({reply}).", isTransient: true);
        if (!reply.IsDone)
            throw reply.Code is >= 400 and < 500 ? Failed(reply, "the log-in") : _site.Fail("unauthorized", $"the server did not let '{login.UserName}' in ({reply}). Check 'auth'{(_site.Login is null ? ": there is none" : "")}.", isTransient: false);
    }

    /// <summary>The reply, if it is one of success.</summary>
    public FtpReply Expect(FtpReply reply, string what) => reply.IsDone ? reply : throw Failed(reply, what);

    /// <summary>A reply as a failure: 4xx may pass, 5xx stays.</summary>
    public StepFailedException Failed(FtpReply reply, string what) => reply.Code switch
    {
        421 => _site.Fail("source-unavailable", $"{what}: the server ended the connection ({reply}).", isTransient: true),
        530 or 532 => _site.Fail("unauthorized", $"{what}: the server demands a log-in ({reply}).", isTransient: false),
        >= 400 and < 500 => _site.Fail("source-unavailable", $"{what}: the server cannot do it now ({reply}).", isTransient: true),
        522 => _site.Fail("protocol-error", $"{what}: the server wants the session of the log-in to be resumed for files ({reply}), which needs a host name, not an address, in the base address.", isTransient: false),
        550 or 553 when reply.Text.Contains("denied", StringComparison.OrdinalIgnoreCase) || reply.Text.Contains("permission", StringComparison.OrdinalIgnoreCase) || reply.Text.Contains("not permitted", StringComparison.OrdinalIgnoreCase) =>
            _site.Fail("forbidden", $"{what}: the user has no right to it ({reply}).", isTransient: false),
        550 => _site.Fail("not-found", $"{what}: it is not there, or the user may not see it ({reply}).", isTransient: false),
        _ => _site.Fail("protocol-error", $"{what}: the server answered {reply}.", isTransient: false),
    };

    async Task<Stream> OpenDataAsync(CancellationToken cancellationToken)
    {
        var port = await PassivePortAsync(cancellationToken);
        return await GuardAsync(
            async stop =>
            {
                var socket = new Socket(_address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(_address, port, stop);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            cancellationToken);
    }

    async Task<int> PassivePortAsync(CancellationToken cancellationToken)
    {
        var reply = await AskAsync("EPSV", cancellationToken);
        if (reply.Code == 229 && reply.Text.Split('|') is { Length: >= 5 } parts && IsPort(parts[^2], out var port))
            return port;
        if (reply.Code is < 500)
            throw Failed(reply, "a data connection");
        reply = await AskAsync("PASV", cancellationToken);
        var numbers = reply.Text.Split(',');
        if (reply.Code == 227 && numbers.Length >= 6 && IsPort(Digits(numbers[^2]), out var high) && int.TryParse(Digits(numbers[^1]), NumberStyles.None, CultureInfo.InvariantCulture, out var low) && (high << 8) + low is > 0 and < 65536 and var passive)
            return passive;
        throw reply.IsDone ? _site.Fail("protocol-error", $"the server names no port for data ({reply}).", isTransient: false) : Failed(reply, "a data connection");
    }

    async Task<Stream> EncryptAsync(Stream plain, CancellationToken cancellationToken)
    {
        var encrypted = new SslStream(plain, leaveInnerStreamOpen: false);
        try
        {
            using var limit = Limit(_site, cancellationToken);
            await encrypted.AuthenticateAsClientAsync(_session!, limit.Token);
            return encrypted;
        }
        catch (Exception broken) when (broken is not StepFailedException)
        {
            await encrypted.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (_tls!.Refusal is { } refusal)
                throw _site.Fail(refusal.Failure.Code, refusal.Failure.Message, isTransient: false);
            throw TlsFailures.Of(broken, _site.Address.IdnHost, _site.Connection.Tls) is { } failed
                ? _site.Fail(failed.Code, failed.Message, failed.IsTransient, broken)
                : _site.Fail(broken is OperationCanceledException ? "timeout" : "source-unavailable", "the connection broke while it was encrypted.", isTransient: true, broken);
        }
    }

    async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var usable = IsUsable;
        IsUsable = false; // unless it ends well
        using var limit = Limit(_site, cancellationToken);
        try
        {
            var result = await work(limit.Token);
            IsUsable = usable;
            return result;
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw _site.Fail("timeout", $"no answer within {Duration.Format(_site.Connection.Limits.AttemptTimeout)}.", isTransient: true, late);
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException)
        {
            throw _site.Fail("source-unavailable", "the connection broke.", isTransient: true, broken);
        }
    }

    async Task<FtpReply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var first = await ReadLineAsync(cancellationToken);
        if (first.Length < 3 || !int.TryParse(first.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 100 or > 599 || (first.Length > 3 && first[3] is not (' ' or '-')))
            throw _site.Fail("protocol-error", $"the server does not speak FTP: it said '{FileNames.Show(first)}'.", isTransient: false);
        List<string> lines = [first.Length > 4 ? first[4..] : ""];
        var last = first[..3] + " ";
        while (first.Length > 3 && first[3] == '-')
        {
            var line = await ReadLineAsync(cancellationToken);
            if (lines.Count == MaxLines)
                throw _site.Fail("protocol-error", $"a reply of the server has more than {MaxLines} lines.", isTransient: false);
            lines.Add(line.StartsWith(last, StringComparison.Ordinal) ? line[4..] : line);
            if (line.StartsWith(last, StringComparison.Ordinal))
                break;
        }

        if (code == 421)
            throw Failed(new(code, lines), "the connection");
        return new(code, lines);
    }

    async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var end = _buffer.AsSpan(_at, _filled - _at).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = _encoding.GetString(_buffer, _at, end).TrimEnd('\r');
                _at += end + 1;
                return line;
            }

            _buffer.AsSpan(_at, _filled - _at).CopyTo(_buffer);
            (_filled, _at) = (_filled - _at, 0);
            if (_filled == _buffer.Length)
                throw _site.Fail("protocol-error", $"a line of the server has more than {MaxLine:N0} bytes.", isTransient: false);
            var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
                throw new IOException("the server closed the connection");
            _filled += read;
        }
    }

    static CancellationTokenSource Limit(SourceSite site, CancellationToken cancellationToken)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(site.Connection.Limits.AttemptTimeout);
        return limit;
    }

    static bool IsPort(string text, out int port) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and < 65536;

    static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
