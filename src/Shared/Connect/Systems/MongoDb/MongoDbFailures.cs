using System.Net.Sockets;
using DataIngestion.Contracts;
using MongoDB.Driver;

namespace DataIngestion.Connect;

/// <summary>What a failure of MongoDB means for a retry.</summary>
internal static class MongoDbFailures
{
    /// <summary>Whether an exception is one of the driver's.</summary>
    public static bool IsOurs(Exception fault) => fault is MongoException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    /// <summary>The failure behind an exception.</summary>
    /// <param name="fault">The exception.</param>
    /// <param name="site">The source.</param>
    /// <param name="guard">Knows why a server was refused.</param>
    /// <param name="what">What was done, as the end of "when …".</param>
    public static StepFailedException Of(Exception fault, SourceSite site, MongoDbGuard guard, string what)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if ((guard.Refusal ?? guard.Tls.Refusal) is { } refusal)
            return refusal;
        var all = new List<Exception>();
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
            all.Add(inner);
        if (all.OfType<MongoCommandException>().LastOrDefault() is { } command)
        {
            var (code, transient, advice) = Classify(command.Code);
            return site.Fail(code, $"MongoDB answered {command.Code} {command.CodeName} '{command.ErrorMessage}' when {what}: {advice}.", transient, command);
        }

        if (all.OfType<MongoAuthenticationException>().FirstOrDefault() is { } login)
            return site.Fail("unauthorized", $"The log-in was refused when {what}: check the user, the password that 'auth' refers to, and 'authSource'.", isTransient: false, login);
        if (all.OfType<MongoCursorNotFoundException>().Any())
            return site.Fail("source-unavailable", $"The server forgot our cursor when {what}: it was restarted, or landing took too long.", isTransient: true, fault);
        if (TlsFailures.Of(fault, site.Address.Host, site.Connection.Tls) is { } tls)
            return new(tls);
        if (all.OfType<MongoIncompatibleDriverException>().FirstOrDefault() is { } old)
            return site.Fail("configuration-invalid", $"The server speaks a version that the driver does not ({old.Message}).", isTransient: false, old);
        if (all.OfType<MongoConfigurationException>().FirstOrDefault() is { } wrong)
            return site.Fail("configuration-invalid", wrong.Message, isTransient: false, wrong);
        if (fault is TimeoutException && all[0].Message.Contains("MongoAuthenticationException", StringComparison.Ordinal))
            return site.Fail("unauthorized", $"The log-in was refused when {what}.", isTransient: false, fault);

        // Selecting a server takes until its time is over whatever the reason is; the reason is in its text.
        var unreachable = all[0].Message.Contains("SocketException", StringComparison.Ordinal) || all.Exists(f => f is SocketException or IOException or MongoConnectionException);
        return unreachable
            ? site.Fail("source-unavailable", $"No server could be reached when {what} ({First(all[^1].Message)}).", isTransient: true, fault)
            : site.Fail("timeout", $"MongoDB did not answer within {site.Connection.Limits.AttemptTimeout} when {what}.", isTransient: true, fault);
    }

    /// <summary>What an error code of the server means: the retryable ones of the driver specifications, and those that name a cause.</summary>
    public static (string Code, bool IsTransient, string Advice) Classify(int code) => code switch
    {
        18 => ("unauthorized", false, "check the user, the password that 'auth' refers to, and 'authSource'"),
        13 => ("forbidden", false, "the user may not do this: reading needs the role 'read'"),
        26 or 73 => ("not-found", false, "check 'object' and the database in 'baseUrl'"),
        280 or 286 => ("source-changed", false, "the changes behind our position are gone: reset the dataset's position, and read the collection as a whole once"),
        40573 => ("configuration-invalid", false, "change streams need a replica set"),
        2 or 9 or 14 or 51024 or 16410 => ("configuration-invalid", false, "check 'filter' and 'projection'"),
        50 or 262 or 89 => ("timeout", true, "it took too long"),
        6 or 7 or 43 or 63 or 91 or 133 or 134 or 150 or 189 or 234 or 9001 or 10107 or 11600 or 11602 or 13388 or 13435 or 13436 =>
            ("source-unavailable", true, "the server is shutting down, failing over or cannot reach another"),
        _ => ("protocol-error", false, "expected another answer"),
    };

    static string First(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
