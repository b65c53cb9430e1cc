namespace DataIngestion.Connect;

/// <summary>Keeps the accounts of all keys, for all workers.</summary>
internal interface IQuotaLedger
{
    /// <summary>Reads an account.</summary>
    Task<QuotaPage> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes an account, unless somebody else has written it since it was read.</summary>
    /// <param name="key">The key.</param>
    /// <param name="account">What it is to be.</param>
    /// <param name="version">The version that was read; null for one that was not there.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when somebody else has written it. An exception leaves open whether it was written.</returns>
    Task<bool> TryWriteAsync(string key, QuotaAccount account, string? version, CancellationToken cancellationToken);
}

/// <summary>An account as it was read.</summary>
/// <param name="Account">The account; null where there is none.</param>
/// <param name="Version">Its version; null where there is none.</param>
/// <param name="Low">The time of the ledger was at least this when it answered,</param>
/// <param name="High">and at most this.</param>
internal sealed record QuotaPage(QuotaAccount? Account, string? Version, DateTimeOffset Low, DateTimeOffset High);
