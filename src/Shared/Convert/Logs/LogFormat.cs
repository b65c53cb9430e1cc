using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>Logs of a record a line, by a pattern that is given or found.</summary>
internal sealed class LogFormat : IRowFormat
{
    /// <summary>Columns of the known patterns whose values may look like numbers, and are names.</summary>
    static readonly HashSet<string> Texts = new(StringComparer.Ordinal)
    {
        "host", "ident", "user", "request", "referer", "user_agent", "app", "process", "message_id", "data", "message", "tag", "thread",
    };

    public string Name => "log";

    public bool IsText => true;

    public bool NeedsSeek => false;

    public bool IsAlwaysText(string column) => Texts.Contains(column);

    public IRowReader CreateReader(FormatContext context) => new LogReader(
        context.Options.Text("pattern") is { } pattern ? LogPatterns.Of(pattern, context.Options) : null,
        context.Options.Word("continuation", "append", "reject") != "reject",
        context.Limits);
}
