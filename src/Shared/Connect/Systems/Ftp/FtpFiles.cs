using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>The files below a folder of an FTP server. A connection that broke is opened again when it is used next.</summary>
internal sealed class FtpFiles(SourceSite site, FtpOptions options, FtpControl opened) : IRemoteFolder
{
    const int MaxDepth = 64;
    const int MaxEntries = 1_000_000;
    const int MaxLine = 8 << 10;

    readonly string _base = BaseOf(site.Address, opened.Home);
    readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.TimeZone);
    FtpControl _control = opened;

    /// <inheritdoc />
    public bool CanBeReused => _control.IsUsable;

    bool HasFacts => _control.Features.Contains("MLST") || _control.Features.Contains("MLSD");

    bool HasTimes => _control.Features.Contains("MDTM");

    /// <inheritdoc />
    public async Task<string> ProbeAsync(CancellationToken cancellationToken)
    {
        var control = await OpenedAsync(cancellationToken);
        control.Expect(await control.AskAsync($"CWD {_base}", cancellationToken), $"the folder '{_base}'");
        return $"FTP, {FileNames.Show(control.Greeting)}";
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RemoteFile> ListAsync(string? folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Stack<(string Name, int Depth)>([(folder is null ? "" : folder + "/", 0)]);
        while (open.TryPop(out var next))
        {
            foreach (var entry in await EntriesAsync(next.Name, next.Depth, cancellationToken))
            {
                var name = next.Name + entry.Name;
                if (!entry.IsFolder)
                {
                    if (await ExactAsync(name, entry, cancellationToken) is { } file)
                        yield return file;
                }
                else if (recursive && entry.Name is not ("." or "..") && next.Depth < MaxDepth)
                {
                    if (FileNames.Fault(name) is { } fault)
                        throw site.Fail("name-refused", $"the folder '{FileNames.Show(name)}' {fault}: rename it, or read another folder.", isTransient: false);
                    open.Push((name + "/", next.Depth + 1));
                }
            }
        }
    }

    /// <inheritdoc />
    public async Task<Stream> OpenReadAsync(RemoteFile file, long offset, CancellationToken cancellationToken)
    {
        if (offset > 0 && (await FindAsync(file.Name, cancellationToken))?.Version != file.Version)
            throw Changed(file);
        var control = await OpenedAsync(cancellationToken);
        var (data, reply) = await control.TransferAsync($"RETR {PathOf(file.Name)}", offset, cancellationToken);
        var what = $"the file '{FileNames.Show(file.Name)}'";
        if (data is null)
            throw reply.Code == 550 && await FindAsync(file.Name, cancellationToken) is null ? Changed(file) : control.Failed(reply, what);
        return new FtpData(data, control, what);
    }

    /// <inheritdoc />
    public async Task<RemoteFile?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var control = await OpenedAsync(cancellationToken);
        if (HasFacts)
        {
            var reply = await control.AskAsync($"MLST {PathOf(name)}", cancellationToken);
            if (reply.Code == 550)
                return null;
            control.Expect(reply, $"the file '{FileNames.Show(name)}'");
            var line = reply.Lines.Select(l => l.TrimStart()).FirstOrDefault(l => l.Contains('=', StringComparison.Ordinal) && FtpListing.TryReadFacts(l, out _));
            return line is not null && FtpListing.TryReadFacts(line, out var facts) && facts is { IsFolder: false } ? new(name, facts.Length, facts.ModifiedAt) : null;
        }

        if (HasTimes)
        {
            var size = await control.AskAsync($"SIZE {PathOf(name)}", cancellationToken);
            if (size.Code == 550)
                return null;
            return long.TryParse(control.Expect(size, $"the size of '{FileNames.Show(name)}'").Text, out var length) && await TimeAsync(name, cancellationToken) is { } time ? new(name, length, time) : null;
        }

        var slash = name.LastIndexOf('/') + 1;
        var entry = (await EntriesAsync(name[..slash], depth: 1, cancellationToken)).FirstOrDefault(e => e.Name == name[slash..] && !e.IsFolder);
        return entry is null ? null : await ExactAsync(name, entry, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<bool> MoveAsync(string name, string target, CancellationToken cancellationToken)
    {
        if (await FindAsync(target, cancellationToken) is not null)
            return false;
        var control = await OpenedAsync(cancellationToken);
        var what = $"moving '{FileNames.Show(name)}' to '{FileNames.Show(target)}'";
        var reply = await RenameAsync();
        if (reply.Code is 550 or 553)
        {
            // The folder may be missing; MKD of one that is there fails, which does not matter.
            var folder = target[..target.LastIndexOf('/')];
            for (var slash = folder.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = folder.IndexOf('/', slash + 1))
                await control.AskAsync($"MKD {PathOf(folder[..slash])}", cancellationToken);
            await control.AskAsync($"MKD {PathOf(folder)}", cancellationToken);
            reply = await RenameAsync();
        }

        control.Expect(reply, what);
        return true;

        async Task<FtpReply> RenameAsync()
        {
            if (await control.AskAsync($"RNFR {PathOf(name)}", cancellationToken) is { Code: not 350 } refused)
                throw control.Failed(refused, what);
            return await control.AskAsync($"RNTO {PathOf(target)}", cancellationToken);
        }
    }

    /// <inheritdoc />
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var control = await OpenedAsync(cancellationToken);
        var reply = await control.AskAsync($"DELE {PathOf(name)}", cancellationToken);
        if (!reply.IsDone && await FindAsync(name, cancellationToken) is not null)
            throw control.Failed(reply, $"deleting '{FileNames.Show(name)}'");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _control.DisposeAsync();

    async Task<List<FtpEntry>> EntriesAsync(string folder, int depth, CancellationToken cancellationToken)
    {
        var what = $"the folder '{FileNames.Show(PathOf(folder))}'";
        var control = await OpenedAsync(cancellationToken);

        // The folder is entered rather than named: a name with blanks would be taken for options by LIST.
        var entered = await control.AskAsync($"CWD {PathOf(folder)}", cancellationToken);
        if (depth > 0 && entered.Code == 550)
            return []; // removed since its parent was listed
        control.Expect(entered, what);
        var (facts, now) = (HasFacts, site.Time.GetUtcNow());
        var (data, reply) = await control.TransferAsync(facts ? "MLSD" : "LIST", 0, cancellationToken);
        if (data is null)
            return reply.Code is 550 or 450 && depth == 0 && reply.Text.StartsWith("No files", StringComparison.OrdinalIgnoreCase) ? [] : throw control.Failed(reply, what);
        List<FtpEntry> entries = [];
        await using var content = new FtpData(data, control, what);
        await foreach (var line in LinesAsync(content, what, cancellationToken))
        {
            if (!(facts ? FtpListing.TryReadFacts(line, out var entry) : FtpListing.TryReadLine(line, now, _zone, out entry)))
                throw site.Fail("protocol-error", $"{what}: the line '{FileNames.Show(line)}' of the listing is not understood.", isTransient: false);
            if (entry is not null)
                entries.Add(entry);
            if (entries.Count > MaxEntries)
                throw site.Fail("listing-too-large", $"{what} has more than {MaxEntries:N0} entries: read folders below it.", isTransient: false);
        }

        return entries;
    }

    async IAsyncEnumerable<string> LinesAsync(Stream content, string what, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var encoding = options.Encoding is FtpEncoding.Latin1 ? Encoding.Latin1 : Encoding.UTF8;
        var buffer = new byte[MaxLine * 4];
        var filled = 0;
        while (true)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(site.Connection.Limits.AttemptTimeout);
            int read;
            try
            {
                read = await content.ReadAsync(buffer.AsMemory(filled), limit.Token);
            }
            catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
            {
                throw site.Fail("timeout", $"{what}: nothing more came within {Duration.Format(site.Connection.Limits.AttemptTimeout)}.", isTransient: true, late);
            }
            catch (IOException broken)
            {
                throw site.Fail("source-unavailable", $"{what}: the connection broke.", isTransient: true, broken);
            }

            filled += read;
            var at = 0;
            while (buffer.AsSpan(at, filled - at).IndexOf((byte)'\n') is >= 0 and var end)
            {
                yield return encoding.GetString(buffer, at, end).TrimEnd('\r');
                at += end + 1;
            }

            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            filled -= at;
            if (filled > MaxLine)
                throw site.Fail("protocol-error", $"{what}: a line of the listing has more than {MaxLine:N0} bytes.", isTransient: false);
            if (read > 0)
                continue;
            if (filled > 0)
                yield return encoding.GetString(buffer, 0, filled).TrimEnd('\r');
            yield break;
        }
    }

    // LIST gives no more than minutes, and days for what is older than half a year: the version is asked for, or made of what stays the same.
    async Task<RemoteFile?> ExactAsync(string name, FtpEntry entry, CancellationToken cancellationToken)
    {
        if (HasFacts)
            return new(name, entry.Length, entry.ModifiedAt);
        if (!HasTimes || FileNames.Fault(name) is not null)
            return new(name, entry.Length, entry.ModifiedAt, $"{entry.Length}-{TimeZoneInfo.ConvertTime(entry.ModifiedAt, _zone):yyyyMMdd}");
        return await TimeAsync(name, cancellationToken) is { } time ? new(name, entry.Length, time) : null;
    }

    async Task<DateTimeOffset?> TimeAsync(string name, CancellationToken cancellationToken)
    {
        var control = await OpenedAsync(cancellationToken);
        var reply = await control.AskAsync($"MDTM {PathOf(name)}", cancellationToken);
        if (reply.Code == 550)
            return null; // gone meanwhile
        var text = control.Expect(reply, $"the time of '{FileNames.Show(name)}'").Text;
        return FtpListing.TryReadTime(text.Trim(), out var time) ? time : throw site.Fail("protocol-error", $"the time '{FileNames.Show(text)}' of '{FileNames.Show(name)}' is not understood.", isTransient: false);
    }

    async Task<FtpControl> OpenedAsync(CancellationToken cancellationToken)
    {
        if (_control.IsUsable)
            return _control;
        await _control.DisposeAsync();
        return _control = await FtpControl.OpenAsync(site, options, cancellationToken);
    }

    StepFailedException Changed(RemoteFile file) =>
        site.Fail("file-changed", $"'{FileNames.Show(file.Name)}' is not the version any more that was listed ({file.Length:N0} bytes of {file.ModifiedAt.UtcDateTime:O}). It is read again when it has settled.", isTransient: true);

    string PathOf(string name) => (_base.EndsWith('/') ? _base + name : $"{_base}/{name}").TrimEnd('/') is { Length: > 0 } path ? path : "/";

    // ftp://host/out is the folder /out; ftp://host/~/out one in the folder that the log-in leads to.
    static string BaseOf(Uri address, string home)
    {
        var path = Uri.UnescapeDataString(address.AbsolutePath);
        if (path == "/~" || path.StartsWith("/~/", StringComparison.Ordinal))
            path = home.TrimEnd('/') + path[2..];
        return path.TrimEnd('/') is { Length: > 0 } folder ? folder : "/";
    }
}
