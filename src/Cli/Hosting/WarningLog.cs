using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Hosting;

/// <summary>Shows warnings and errors as they happen, one line each; the details are in the log file.</summary>
internal sealed class WarningLog(TextWriter output, TimeProvider time) : ILoggerProvider
{
    readonly Lock _gate = new();

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc />
    public void Dispose()
    {
    }

    void Write(string category, LogLevel level, string message, Exception? failure)
    {
        var cause = failure is null || message.Contains(failure.Message, StringComparison.Ordinal) ? "" : $": {failure.Message.ReplaceLineEndings(" ")}";
        lock (_gate)
            output.WriteLine($"{time.GetUtcNow().UtcDateTime:HH:mm:ss} {(level is LogLevel.Warning ? "warning" : "error")} {category[(category.LastIndexOf('.') + 1)..]}: {message.ReplaceLineEndings(" ")}{cause}");
    }

    sealed class Logger(WarningLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Write(category, logLevel, formatter(state, exception), exception);
        }
    }
}
