using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using MySqlConnector;

namespace DataIngestion.Connect;

/// <summary>What the server's errors mean, by number (MySQL 8 "Server Error Message Reference", MariaDB "Error Codes"), and what broken connections do.</summary>
internal sealed class MySqlFailures : ISqlFailures
{
    public bool Is(Exception fault) => fault is MySqlException or SocketException or IOException or TimeoutException or AuthenticationException;

    public StepFailedException Of(SourceSite site, Exception fault)
    {
        if (TlsFailures.Of(fault, site.Address.IdnHost, site.Connection.Tls) is { } refused)
            return site.Fail(refused.Code, refused.Message, refused.IsTransient, fault);
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return site.Fail("source-unavailable", $"The host has no address: {inner.Message}.", isTransient: true, fault);
                case TimeoutException:
                    return site.Fail("timeout", "The server did not answer in time.", isTransient: true, fault);
            }
        }

        if (fault is not MySqlException error)
            return site.Fail("source-unavailable", $"The connection broke: {fault.Message}", isTransient: true, fault);
        if (error.ErrorCode is MySqlErrorCode.UnableToConnectToHost && error.Message.Contains("SSL", StringComparison.Ordinal))
            return site.Fail("certificate-refused", "The server offers no TLS: set it up there, or 'encrypt: false' where the network is trusted.", isTransient: false, fault);
        if (error.ErrorCode is MySqlErrorCode.CommandTimeoutExpired) // the driver gave up before the server did
            return site.Fail("timeout", "The statement took longer than the limits' 'totalTimeout'.", isTransient: true, fault);
        var (code, isTransient, advice) = Meaning(error.Number, error.SqlState);
        return site.Fail(code, $"{error.Message.TrimEnd('.')} (error {error.Number}). {advice}".TrimEnd(), isTransient, fault);
    }

    /// <summary>Code and whether trying again may help, by the server's number; where that is not known, by SQLSTATE.</summary>
    public static (string Code, bool IsTransient, string Advice) Meaning(int number, string? state) => number switch
    {
        1045 or 1698 or 1251 or 1862 or 1820 => ("unauthorized", false, "Check user and password."),
        1044 or 1142 or 1143 or 1227 or 1370 => ("forbidden", false, "Grant SELECT on it to this user."),
        1049 or 1146 or 1054 or 1051 => ("not-found", false, "Check the names in the configuration; 'ingest sources discover' lists what there is."),
        1213 => ("source-unavailable", true, "Another transaction was in the way; reading continues behind the last part."),
        1205 => ("source-unavailable", true, "Somebody holds a lock on the table for longer than 'lockTimeout'."),
        1969 or 3024 => ("timeout", true, "The statement took longer than the limits' 'totalTimeout'."),
        1040 or 1203 or 1226 => ("source-unavailable", true, "The server has no room for another connection."),
        1053 or 1077 or 1317 or 1927 or 2002 or 2003 or 2006 or 2013 or 1042 or 1158 or 1159 or 1160 or 1161 => ("source-unavailable", true, "The server stopped, starts, or broke off."),
        1792 => ("configuration-invalid", false, "Only what reads is allowed."),
        1064 or 1248 => ("configuration-invalid", false, "The statement made of 'query', 'where', cursor and key does not suit the server."),
        _ => state switch
        {
            "40001" => ("source-unavailable", true, "Another transaction was in the way."),
            ['0', '8', ..] => ("source-unavailable", true, ""),
            ['2', '2', ..] or ['4', '2', ..] => ("configuration-invalid", false, "The statement made of 'query', 'where', cursor and key does not suit the server."),
            _ => number <= 0 ? ("source-unavailable", true, "") : ("source-error", false, ""),
        },
    };
}
