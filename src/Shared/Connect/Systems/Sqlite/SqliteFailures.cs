using DataIngestion.Contracts;
using Microsoft.Data.Sqlite;

namespace DataIngestion.Connect;

/// <summary>What SQLite's result codes mean (sqlite.org/rescode.html).</summary>
internal sealed class SqliteFailures : ISqlFailures
{
    public bool Is(Exception fault) => fault is SqliteException or IOException or UnauthorizedAccessException;

    public StepFailedException Of(SourceSite site, Exception fault)
    {
        if (fault is not SqliteException error)
            return site.Fail(fault is UnauthorizedAccessException ? "forbidden" : "source-unavailable", fault.Message, fault is IOException, fault);
        var (code, isTransient, advice) = error.SqliteErrorCode switch
        {
            5 or 6 => ("source-unavailable", true, "Another process is writing the file."),
            3 or 23 => ("forbidden", false, "Let this process read the file."),
            8 => ("configuration-invalid", false, "Only what reads is allowed; a database with a write-ahead log on read-only media needs 'immutable: true'."),
            10 => ("source-unavailable", true, "Reading the file failed."),
            11 or 26 => ("protocol-error", false, "The file is damaged, or no SQLite database."),
            14 => ("not-found", false, "The file cannot be opened; on read-only media set 'immutable: true'."),
            1 => error.Message.Contains("no such", StringComparison.Ordinal)
                ? ("not-found", false, "Check the names in the configuration.")
                : ("configuration-invalid", false, "The statement made of 'query', 'where', cursor and key does not suit SQLite."),
            9 => ("timeout", true, "The statement was interrupted."),
            _ => ("source-error", false, ""),
        };
        return site.Fail(code, $"{error.Message.TrimEnd('.')}. {advice}".TrimEnd(), isTransient, fault);
    }
}
