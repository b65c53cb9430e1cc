using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace DataIngestion.Cli.Hosting;

/// <summary>Writes log entries to a file, one line each (exceptions follow indented). Logging never waits for the disk.</summary>
internal sealed class FileLog : ILoggerProvider, IAsyncDisposable
{
    readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    readonly TimeProvider _time;
    readonly Task _writing;

    /// <summary>Appends to a file, whose folder is created.</summary>
    public FileLog(string path, TimeProvider time)
    {
        Path = path;
        _time = time;
        System.IO.Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <inheritdoc />
    public void Dispose() => _lines.Writer.TryComplete();

    /// <summary>Ends when everything has been written.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await _writing;
    }

    async Task WriteAsync()
    {
        await using var file = new StreamWriter(Path, append: true);
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (_lines.Reader.TryRead(out var line))
                await file.WriteLineAsync(line);
            await file.FlushAsync();
        }
    }

    void Write(string category, LogLevel level, string message, Exception? failure)
    {
        var fault = failure is null ? "" : $"{Environment.NewLine}    {failure.ToString().ReplaceLineEndings(Environment.NewLine + "    ")}";
        _lines.Writer.TryWrite($"{_time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {level,-11} {category}: {message}{fault}");
    }

    sealed class Logger(FileLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(category, logLevel, formatter(state, exception), exception);
    }
}
