using System.Data.Common;
using System.Net.Sockets;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What the exceptions of any driver mean: by the server's error number where we know the system, by SQLSTATE, or by what the driver says of itself.</summary>
/// <param name="numbers">Code and whether trying again may help, by the server's error number; null when it says nothing.</param>
internal sealed class AdoFailures(Func<int, (string Code, bool IsTransient)?> numbers) : ISqlFailures
{
    public bool Is(Exception fault) => fault is DbException or SocketException or IOException or TimeoutException;

    public StepFailedException Of(SourceSite site, Exception fault)
    {
        if (fault is TimeoutException || fault.InnerException is TimeoutException)
            return site.Fail("timeout", "The server did not answer in time.", isTransient: true, fault);
        if (fault is not DbException error)
            return site.Fail("source-unavailable", fault.Message, isTransient: true, fault);
        var (code, isTransient) = numbers(NumberOf(error)) ?? OfState(error.SqlState) ?? (error.IsTransient ? "source-unavailable" : "source-error", error.IsTransient);
        return site.Fail(code, error.Message, isTransient, fault);
    }

    // SqlException.Number, OracleException.Number.
    static int NumberOf(DbException error) => error.GetType().GetProperty("Number")?.GetValue(error) is int number ? number : error.ErrorCode;

    static (string, bool)? OfState(string? state) => state switch
    {
        ['0', '8', ..] => ("source-unavailable", true),
        ['2', '8', ..] => ("unauthorized", false),
        "40001" => ("source-unavailable", true),
        "42S02" or "42S22" or "42P01" or "42703" => ("not-found", false),
        ['4', '2', ..] or ['2', '2', ..] => ("configuration-invalid", false),
        _ => null,
    };
}
