namespace DataIngestion.Connect;

/// <summary>How much TLS a database's connection has.</summary>
public enum SqlTls
{
    /// <summary>Encrypted; the certificate is trusted and names the host.</summary>
    VerifyFull,

    /// <summary>Encrypted; the certificate is trusted, whatever host it names.</summary>
    VerifyCa,

    /// <summary>Encrypted; the certificate is not looked at, which anybody in between can use.</summary>
    Require,

    /// <summary>Not encrypted.</summary>
    Off,
}
