using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to MySQL or MariaDB.</summary>
public sealed record MySqlOptions
{
    /// <summary>Whether the connection is encrypted, as the connection's <c>tls</c> says; default true.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>Longest wait for a row's lock; 1 s to 1 h, default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
