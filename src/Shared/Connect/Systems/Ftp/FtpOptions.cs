using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>How FTP is encrypted.</summary>
public enum FtpEncryption
{
    /// <summary>From the first byte, on a port of its own (990).</summary>
    Implicit,

    /// <summary>Before the log-in, by <c>AUTH TLS</c>.</summary>
    Explicit,

    /// <summary>Not at all: the password and the files can be read on the way.</summary>
    None,
}

/// <summary>Which bytes stand for names.</summary>
public enum FtpEncoding
{
    /// <summary>UTF-8, as RFC 2640 wants.</summary>
    Utf8,

    /// <summary>Latin-1, for old servers.</summary>
    Latin1,
}

/// <summary>How an FTP server is reached.</summary>
public sealed record FtpOptions : IValidatableObject
{
    /// <summary>Default: implicit for <c>ftps://</c>, explicit for <c>ftp://</c>. Nothing is sent in the open unless this is <c>none</c>.</summary>
    public FtpEncryption? Encryption { get; init; }

    /// <summary>How names are encoded; default UTF-8.</summary>
    public FtpEncoding Encoding { get; init; }

    /// <summary>IANA time zone of the times in listings, for servers that know neither MLSD nor MDTM; default UTC.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new($"'{TimeZone}' is not a time zone: expected an IANA name such as 'Europe/Berlin'.", [nameof(TimeZone)]);
    }
}
