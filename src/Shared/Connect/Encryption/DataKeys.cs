using System.Collections.Concurrent;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Connect;

/// <summary>A key that seals.</summary>
/// <param name="Name">The version of the vault's key that wraps it.</param>
/// <param name="Bytes">Its 32 bytes.</param>
internal sealed record DataKey(string Name, byte[] Bytes);

/// <summary>
/// The fleet's data keys: one for each version of the vault's key, kept wrapped by it in the table <c>datakeys</c> of the data account, so that
/// the vault is asked once a process and not once a token. The first worker that needs one makes it; the table decides between two. A
/// newer version of the vault's key is noticed within <see cref="LookAgain"/> and seals from then on; older ones open as long as the vault has them.
/// </summary>
internal sealed partial class DataKeys(VaultKeyClient vault, TableServiceClient tables, TimeProvider time, ILogger<DataKeys> logger)
{
    /// <summary>How long a version of the vault's key counts as the newest.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromHours(6);

    const string TableName = "datakeys";
    const string Partition = "token-seal";
    const int KeyBytes = 32;

    readonly TableClient _table = tables.GetTableClient(TableName);
    readonly ConcurrentDictionary<string, Task<DataKey?>> _keys = new(StringComparer.Ordinal);
    readonly Lock _gate = new();
    Task<DataKey>? _looking;
    DataKey? _sealing;
    DateTimeOffset _lookAt;

    /// <summary>The vault's key.</summary>
    public VaultKeyClient Vault => vault;

    /// <summary>The key that seals now.</summary>
    /// <exception cref="StepFailedException">There is none and none can be made.</exception>
    public Task<DataKey> ForSealingAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_sealing is { } known && time.GetUtcNow() < _lookAt)
                return Task.FromResult(known);
            if (_looking is null or { IsCompleted: true })
                _looking = Task.Run(LookAsync, CancellationToken.None);
            return _looking.WaitAsync(cancellationToken);
        }
    }

    async Task<DataKey> LookAsync()
    {
        DataKey key;
        var next = LookAgain;
        try
        {
            key = (await KeyAsync(await vault.CurrentVersionAsync(CancellationToken.None), make: true, CancellationToken.None))!;
        }
        catch (StepFailedException away) when (_sealing is not null)
        {
            // What sealed a minute ago seals as well now; the vault's trouble is told, and is not made everybody's.
            NotLookedUp(away.Message);
            (key, next) = (_sealing, TimeSpan.FromMinutes(5));
        }

        lock (_gate)
            (_sealing, _lookAt) = (key, time.GetUtcNow() + next);
        return key;
    }

    /// <summary>The key of a version that sealed once; null when the fleet has none of that name.</summary>
    /// <exception cref="StepFailedException">It is there and the vault does not unwrap it.</exception>
    public Task<DataKey?> ForOpeningAsync(string name, CancellationToken cancellationToken) => KeyAsync(name, make: false, cancellationToken);

    async Task<DataKey?> KeyAsync(string version, bool make, CancellationToken cancellationToken)
    {
        // One caller asks and the others wait; what failed or was not there yet is asked for again.
        var asking = _keys.GetOrAdd(version, v => Task.Run(() => LoadAsync(v, make), CancellationToken.None));
        try
        {
            var key = await asking.WaitAsync(cancellationToken);
            if (key is null)
            {
                _keys.TryRemove(new(version, asking));
                if (make)
                    return await KeyAsync(version, make, cancellationToken);
            }

            return key;
        }
        catch when (asking.IsFaulted)
        {
            _keys.TryRemove(new(version, asking));
            throw;
        }
    }

    async Task<DataKey?> LoadAsync(string version, bool make)
    {
        try
        {
            if (await FindAsync(version) is { } wrapped)
                return await UnwrapAsync(version, wrapped);
            if (!make)
                return null;

            var bytes = RandomNumberGenerator.GetBytes(KeyBytes);
            var row = new TableEntity(Partition, version)
            {
                ["Wrapped"] = Convert.ToBase64String(await vault.WrapAsync(version, bytes, CancellationToken.None)),
                ["CreatedAt"] = time.GetUtcNow(),
            };
            try
            {
                await _table.CreateIfNotExistsAsync();
                await _table.AddEntityAsync(row);
                return new(version, bytes);
            }
            catch (RequestFailedException conflict) when (conflict.Status == 409)
            {
                // Another worker was faster, or this very call, whose answer got lost: what is in the table counts.
                return await UnwrapAsync(version, await FindAsync(version) ?? throw Unreadable(version));
            }
        }
        catch (RequestFailedException fault)
        {
            throw new StepFailedException(
                new()
                {
                    Code = "storage-unavailable",
                    Message = $"The table '{TableName}' with the wrapped keys cannot be used ({(fault.Status == 0 ? "no answer" : $"{fault.Status} {fault.ErrorCode}")}).",
                    IsTransient = fault.Status is 0 or 408 or 429 or >= 500,
                },
                fault);
        }
    }

    async Task<string?> FindAsync(string version)
    {
        try
        {
            var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, version);
            return found.HasValue ? found.Value!.GetString("Wrapped") : null;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null; // no table yet
        }
    }

    async Task<DataKey> UnwrapAsync(string version, string wrapped)
    {
        byte[] text;
        try
        {
            text = Convert.FromBase64String(wrapped);
        }
        catch (FormatException)
        {
            throw Unreadable(version);
        }

        var bytes = await vault.UnwrapAsync(version, text, CancellationToken.None);
        return bytes.Length == KeyBytes ? new(version, bytes) : throw Unreadable(version);
    }

    static StepFailedException Unreadable(string version) => new(new()
    {
        Code = "secret-unreadable",
        Message = $"The data key '{version}' in the table '{TableName}' is not one: delete its row; tokens that it sealed are asked for anew.",
    });

    [LoggerMessage(2431, LogLevel.Warning, "Key Vault was not asked for a newer key; the known one seals on: {Reason}")]
    partial void NotLookedUp(string reason);
}
