using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Recover;

/// <summary>First line of a backup's list.</summary>
internal sealed record ManifestHead(int Format, string Id, DateTimeOffset StartedAt);

/// <summary>Last line of it: without this line the list is not whole.</summary>
internal sealed record ManifestEnd(BackupSummary End, string Sha256);

/// <summary>Writes the list of what a backup consists of: compressed JSON lines, a head, one line an entry in the order of <see cref="Section"/>, an end.</summary>
internal sealed class ManifestWriter : IAsyncDisposable
{
    public const int Format = 1;

    static readonly byte[] Line = "\n"u8.ToArray();

    readonly FileStream _file = TemporaryFile.Create();
    readonly GZipStream _lines;
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public ManifestWriter() => _lines = new(_file, CompressionLevel.Fastest, leaveOpen: true);

    public async Task AddAsync<T>(T line, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, ContractJson.Options);
        foreach (var part in (byte[][])[bytes, Line])
        {
            _hash.AppendData(part);
            await _lines.WriteAsync(part, cancellationToken);
        }
    }

    /// <summary>Writes the end and puts the list into the target: only now is there a backup.</summary>
    public async Task PublishAsync(IBackupTarget target, BackupSummary summary, CancellationToken cancellationToken)
    {
        await AddAsync(new ManifestEnd(summary, Convert.ToHexStringLower(_hash.GetHashAndReset())), cancellationToken);
        await _lines.DisposeAsync();
        _file.Position = 0;
        await target.WriteAsync(TargetNames.BackupOf(summary.Id), _file, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync();
        await _file.DisposeAsync();
        _hash.Dispose();
    }
}

/// <summary>A backup's list, which can be read any number of times.</summary>
internal sealed class Manifest : IAsyncDisposable
{
    readonly FileStream _file;
    readonly string _name;

    Manifest(FileStream file, string name) => (_file, _name) = (file, name);

    public ManifestHead Head { get; private set; } = null!;

    public BackupSummary Summary { get; private set; } = null!;

    /// <summary>Takes a list out of a target and checks that it is whole.</summary>
    /// <exception cref="BackupDamagedException">It is not.</exception>
    public static async Task<Manifest> OpenAsync(IBackupTarget target, string id, CancellationToken cancellationToken)
    {
        var name = TargetNames.BackupOf(id);
        var manifest = new Manifest(TemporaryFile.Create(), $"{target.Name}/{name}");
        try
        {
            await using (var content = await target.TryOpenAsync(name, cancellationToken) ?? throw new BackupDamagedException($"There is no backup '{id}' in {target.Name}."))
                await content.CopyToAsync(manifest._file, cancellationToken);
            await manifest.CheckAsync(cancellationToken);
            return manifest;
        }
        catch (Exception damage) when (damage is InvalidDataException or JsonException or NotSupportedException)
        {
            await manifest.DisposeAsync();
            throw new BackupDamagedException($"{manifest._name} is not a backup's list: {damage.Message}", damage);
        }
        catch
        {
            await manifest.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its entries, in order.</summary>
    public async IAsyncEnumerable<BackupEntry> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = true;
        await foreach (var line in LinesAsync(cancellationToken))
        {
            if (!first && !IsEnd(line))
                yield return JsonSerializer.Deserialize<BackupEntry>(line, ContractJson.Options)!;
            first = false;
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ManifestEnd? end = null;
        await foreach (var line in LinesAsync(cancellationToken))
        {
            if (Head is null)
            {
                Head = JsonSerializer.Deserialize<ManifestHead>(line, ContractJson.Options)!;
                if (Head.Format != ManifestWriter.Format)
                    throw new BackupDamagedException($"{_name} has format {Head.Format}; this program reads {ManifestWriter.Format}: use the version that wrote it.");
            }

            if (IsEnd(line))
                end = JsonSerializer.Deserialize<ManifestEnd>(line, ContractJson.Options);
            else
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }

        if (end is null || end.Sha256 != Convert.ToHexStringLower(hash.GetHashAndReset()))
            throw new BackupDamagedException($"{_name} is not whole: take an earlier backup.");
        Summary = end.End;
    }

    async IAsyncEnumerable<string> LinesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _file.Position = 0;
        await using var lines = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
        using var reader = new StreamReader(lines);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            yield return line;
    }

    static bool IsEnd(string line) => line.StartsWith("""{"end":""", StringComparison.Ordinal);
}
