using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;
using Npgsql;

namespace DataIngestion.Connect;

/// <summary>
/// What the server's errors mean, by SQLSTATE (PostgreSQL documentation, appendix A "PostgreSQL Error Codes"), and what broken
/// connections do.
/// </summary>
internal static class PostgreSqlFailures
{
    /// <summary>Whether the fault is one of the database or of the way to it.</summary>
    public static bool Is(Exception fault) => fault is NpgsqlException or SocketException or IOException or TimeoutException or AuthenticationException
        or NullReferenceException { Source: "Npgsql" }; // what its replication throws where the connection ends while it is being started

    /// <summary>The failure that such a fault is.</summary>
    public static StepFailedException Of(SourceSite site, Exception fault) => fault is PostgresException error ? Of(site, error) : OfConnection(site, fault);

    /// <summary>Code and whether trying again may help, by SQLSTATE.</summary>
    public static (string Code, bool IsTransient, string Advice) Meaning(string state) => state switch
    {
        "28P01" or "28000" => ("unauthorized", false, "Check user and password, and what pg_hba.conf lets in."),
        "42501" => ("forbidden", false, "Grant SELECT on the table and USAGE on its schema to this user."),
        "3D000" or "3F000" or "42P01" or "42703" or "42704" => ("not-found", false, "Check the names in the configuration; 'ingest sources discover' lists what there is."),
        "25006" => ("configuration-invalid", false, "Only what reads is allowed."),
        "40001" or "40P01" => ("source-unavailable", true, "Another transaction was in the way; reading continues behind the last part."),
        "55P03" => ("source-unavailable", true, "Somebody holds a lock on the table for longer than 'lockTimeout'."),
        "55006" => ("source-unavailable", true, "Somebody else uses it."),
        "55000" => ("configuration-invalid", false, "The server is not set up for this: change capture needs wal_level = logical and a slot that is not lost."),
        "57014" => ("timeout", true, "The statement took longer than 'statementTimeout'."),
        "25P03" or "25P04" or "57P05" => ("timeout", true, "The server ended a session that was idle for too long."),
        _ => state[..2] switch
        {
            "08" or "57" or "58" => ("source-unavailable", true, "The server stopped, starts, or broke off."),
            "53" => ("source-unavailable", true, "The server has no room for another connection, or for this statement."),
            "0A" or "22" or "26" or "42" => ("configuration-invalid", false, "The statement made of 'query', 'where', cursor and key does not suit the server."),
            _ => ("source-error", false, ""),
        },
    };

    static StepFailedException Of(SourceSite site, PostgresException error)
    {
        var (code, isTransient, advice) = Meaning(error.SqlState);
        return site.Fail(code, $"{error.MessageText.TrimEnd('.')} (SQLSTATE {error.SqlState}). {advice}".TrimEnd(), isTransient, error);
    }

    static StepFailedException OfConnection(SourceSite site, Exception fault)
    {
        if (TlsFailures.Of(fault, site.Address.IdnHost, site.Connection.Tls) is { } refused)
            return site.Fail(refused.Code, refused.Message, refused.IsTransient, fault);
        for (var inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case TimeoutException or OperationCanceledException:
                    return site.Fail("timeout", "The server did not answer in time.", isTransient: true, fault);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }:
                    return site.Fail("source-unavailable", $"The host has no address: {inner.Message}.", isTransient: true, fault);
                case SocketException socket:
                    return site.Fail("source-unavailable", $"{socket.Message}.", isTransient: true, fault);
            }
        }

        return fault.Message.Contains("SSL", StringComparison.Ordinal)
            ? site.Fail("certificate-refused", "The server offers no TLS: set it up there, or 'encrypt: false' where the network is trusted.", isTransient: false, fault)
            : site.Fail("source-unavailable", $"The connection broke: {fault.Message}", isTransient: true, fault);
    }
}
