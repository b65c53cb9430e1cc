using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to MySQL or MariaDB.</summary>
public sealed record MySqlOptions
{
    /// <summary>Encryption; default verify-full.</summary>
    public SqlTls Tls { get; init; }

    /// <summary>File with the certificates to trust (PEM); default the machine's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Longest wait for a row's lock; 1 s to 1 h, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
