using System.Text;
using System.Text.RegularExpressions;
using DataIngestion.Conversion.Lines;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Logs;

/// <summary>Reads records of one line, and the lines of stack traces that follow them.</summary>
/// <param name="given">The pattern; null to find it from the first lines.</param>
/// <param name="appends">Whether lines that go on (see <see cref="Continues"/>) are added to the record before; otherwise they are rejected.</param>
internal sealed class LogReader(LogPattern? given, bool appends, ConversionLimits limits) : IRowReader
{
    const int SampleLines = 500;
    const int SampleBytes = 1 << 20;
    const int RowsBetweenPumps = 1024;

    readonly RowCells _cells = new();
    readonly StringBuilder _message = new();
    readonly List<byte> _raw = [];
    RowPlace _place;
    bool _isOpen;
    long _rows;
    long _appended;
    long _directives;

    /// <summary>Whether a line belongs to the record before it: it is indented, or names an exception, or goes on with a stack trace.</summary>
    public static bool Continues(string line) =>
        line.Length > 0 && (line[0] is ' ' or '\t' || IsException(line) || line.StartsWith("Caused by:", StringComparison.Ordinal) || line.StartsWith("--- ", StringComparison.Ordinal)
            || line.StartsWith("Traceback (", StringComparison.Ordinal) || line.StartsWith("...", StringComparison.Ordinal));

    /// <summary>a.b.SomeException: why</summary>
    static bool IsException(string line)
    {
        var name = line.AsSpan(0, line.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : line.Length);
        return (name.EndsWith("Exception") || name.EndsWith("Error")) && name.IndexOfAny(' ', '=', '[') < 0;
    }

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var reader = new LineReader(content, limits.MaxRecordBytes);
        var sample = new Queue<TextLine>();
        var pattern = given;
        if (pattern is null)
        {
            var bytes = 0;
            while (bytes < SampleBytes && sample.Count < SampleLines && await reader.NextAsync(cancellationToken) is { } line)
            {
                sample.Enqueue(line);
                bytes += line.Bytes.Length;
            }

            pattern = LogPatterns.Choose([.. sample.Where(l => l.IsUtf8 && l.Bytes.Length <= limits.MaxFieldBytes).Select(l => Encoding.UTF8.GetString(l.Bytes))]);
        }

        pattern.Begin(consumer.Names);
        while ((sample.TryDequeue(out var held) ? held : await reader.NextAsync(cancellationToken)) is { } line)
        {
            Read(line, pattern, consumer);
            if (_rows % RowsBetweenPumps == 0 && !_isOpen)
                await consumer.PumpAsync(cancellationToken);
        }

        Close(pattern, consumer);
        await consumer.PumpAsync(cancellationToken);
        var notes = new List<string> { $"lines are written as {pattern.Name}" };
        if (_appended > 0)
            notes.Add($"{_appended} lines go on with the record before them, and are added to its last column");
        if (_directives > 0)
            notes.Add($"{_directives} lines are about the log, and no records");
        return notes;
    }

    void Read(TextLine line, LogPattern pattern, IRowConsumer consumer)
    {
        if (line.IsTooLong || !line.IsUtf8)
        {
            Close(pattern, consumer);
            consumer.Reject(new(++_rows, line.Offset, line.Number), null, line.IsTooLong ? "record-size" : "utf-8", line.IsTooLong ? $"a line of at most {limits.MaxRecordBytes} bytes" : "text in UTF-8", line.Bytes);
            return;
        }

        var text = Encoding.UTF8.GetString(line.Bytes);
        if (line.IsBlank)
            return;
        if (appends && _isOpen && Continues(text) && _raw.Count + line.Bytes.Length < limits.MaxRecordBytes)
        {
            _appended++;
            _message.Append('\n').Append(text);
            _raw.Add((byte)'\n');
            _raw.AddRange(line.Bytes);
            return;
        }

        Close(pattern, consumer);
        var place = new RowPlace(_rows + 1, line.Offset, line.Number);
        switch (Match(pattern, text, consumer))
        {
            case LineKind.Record:
                _rows++;
                (_isOpen, _place) = (true, place);
                _raw.AddRange(line.Bytes);
                break;
            case LineKind.Directive:
                _directives++;
                break;
            default:
                _rows++;
                _cells.Clear();
                consumer.Reject(place, null, "pattern", $"a line as {pattern.Name} writes it", line.Bytes);
                break;
        }
    }

    LineKind Match(LogPattern pattern, string text, IRowConsumer consumer)
    {
        try
        {
            return pattern.Read(text, consumer.Names, _cells);
        }
        catch (RegexMatchTimeoutException)
        {
            return LineKind.Other;
        }
    }

    /// <summary>Hands over the record that is open, with the lines that were added to it.</summary>
    void Close(LogPattern pattern, IRowConsumer consumer)
    {
        if (!_isOpen)
            return;
        if (_message.Length > 0)
            _cells.Set(pattern.MessageColumn(consumer.Names), pattern.Message + _message);
        _cells.Flush(consumer, _place, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_raw));
        _message.Clear();
        _raw.Clear();
        _isOpen = false;
    }
}
