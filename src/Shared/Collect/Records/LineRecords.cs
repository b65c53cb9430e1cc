using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>Reads lines of any length up to a limit out of a stream; line ends and a byte order mark are left out.</summary>
internal static class Lines
{
    public const int MaxBytes = 16 << 20;

    /// <summary>Calls <paramref name="onLine"/> for each line. With quotes, a line end between double quotes belongs to the line.</summary>
    public static async Task ReadAsync(Stream content, bool quotes, LineReader onLine, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var (length, line, searched, quoted, isFirst) = (0, 1L, 0, false, true);
            while (true)
            {
                var read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                var start = 0;
                for (; searched < length; searched++)
                {
                    var c = buffer[searched];
                    if (quotes && c == '"')
                        quoted = !quoted;
                    if (c != '\n' || quoted)
                        continue;
                    Give(buffer.AsSpan(start, searched - start));
                    start = searched + 1;
                }

                if (read == 0)
                {
                    if (start < length)
                        Give(buffer.AsSpan(start, length - start));
                    return;
                }

                buffer.AsSpan(start, length - start).CopyTo(buffer);
                length -= start;
                searched -= start;
                if (length < buffer.Length)
                    continue;
                if (length >= MaxBytes)
                    throw new UnexpectedContentException($"has a line of over {MaxBytes:N0} bytes, line {line}");
                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            void Give(ReadOnlySpan<byte> text)
            {
                if (isFirst && text.StartsWith("\uFEFF"u8))
                    text = text[3..];
                isFirst = false;
                onLine(line++, text.EndsWith("\r"u8) ? text[..^1] : text);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes a line by its number from 1.</summary>
    public delegate void LineReader(long number, ReadOnlySpan<byte> text);
}

/// <summary>Records of NDJSON: every line that is not blank, also one that is not JSON, which the converter will set aside.</summary>
internal sealed class NdjsonRecords(string? cursorPath, string? keyPath = null)
{
    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var records = 0L;
        var keys = new RecordKeys();
        await Lines.ReadAsync(content, quotes: false, OnLine, cancellationToken);
        return new(records, null) { FirstKey = keys.First, LastKey = keys.Last };

        void OnLine(long number, ReadOnlySpan<byte> text)
        {
            text = text.Trim(" \t"u8);
            if (text.IsEmpty)
                return;
            var cursor = cursorPath is null ? null : ValueAt(cursorPath, text);
            if (keyPath is not null)
                keys.Add(keyPath == cursorPath ? cursor : ValueAt(keyPath, text));
            sink.OnRecord(records++, cursor, text);
        }
    }

    static string? ValueAt(string at, ReadOnlySpan<byte> text)
    {
        string? found = null;
        var path = new JsonPath(at);
        var reader = new Utf8JsonReader(text);
        try
        {
            while (reader.Read())
            {
                if (path.Follow(ref reader) && reader.TokenType is JsonTokenType.String or JsonTokenType.Number)
                    found ??= reader.TokenType is JsonTokenType.String ? reader.GetString() : Encoding.UTF8.GetString(reader.ValueSpan);
            }

            return found;
        }
        catch (JsonException)
        {
            return null; // a bad row is a value: it is landed, and the converter says what is wrong with it
        }
    }
}

/// <summary>Records of CSV: every line that is not empty, after the header. Quoted line ends belong to their record.</summary>
/// <param name="delimiter">Null takes the most frequent of comma, semicolon, tab and bar in the first line.</param>
/// <param name="hasHeader">Whether the first line names the columns; without it a cursor field is a column number from 0.</param>
/// <param name="cursorField">Null when its value is of no interest.</param>
/// <param name="skipLines">Lines before the header or the first record.</param>
/// <param name="keyField">Field by which pages go on; null when there is none.</param>
internal sealed class CsvRecords(string? delimiter, bool hasHeader, string? cursorField, int skipLines = 0, string? keyField = null)
{
    static readonly char[] Delimiters = [',', ';', '\t', '|'];

    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var (records, column, keyColumn, separator, isFirst, isNarrow) = (0L, -1, -1, (byte)(delimiter is "tab" ? '\t' : delimiter?[0] ?? ','), true, false);
        var keys = new RecordKeys();
        await Lines.ReadAsync(content, quotes: true, OnLine, cancellationToken);
        return new(records, null) { FirstKey = keys.First, LastKey = keys.Last };

        void OnLine(long number, ReadOnlySpan<byte> text)
        {
            if (number <= skipLines || (text.IsEmpty && !isNarrow))
                return;
            if (isFirst)
            {
                isFirst = false;
                var header = Encoding.UTF8.GetString(text);
                if (delimiter is null)
                    separator = (byte)Delimiters.MaxBy(d => header.Count(c => c == d));
                isNarrow = !text.Contains(separator); // with a single column an empty line is a record without a value
                (column, keyColumn) = (ColumnOf(cursorField, text), ColumnOf(keyField, text));
                if (hasHeader)
                    return;
            }

            keys.Add(keyColumn < 0 ? null : FieldOf(text, keyColumn));
            sink.OnRecord(records++, column < 0 ? null : FieldOf(text, column), text);
        }

        int ColumnOf(string? field, ReadOnlySpan<byte> header)
        {
            if (!hasHeader)
                return int.TryParse(field, out var index) ? index : -1;
            for (var i = 0; field is not null && FieldOf(header, i) is { } name; i++)
            {
                if (string.Equals(name, field, StringComparison.Ordinal))
                    return i;
            }

            return -1;
        }

        string? FieldOf(ReadOnlySpan<byte> text, int wanted)
        {
            for (var i = 0; ; i++)
            {
                var end = 0;
                for (var quoted = false; end < text.Length && (quoted || text[end] != separator); end++)
                    quoted ^= text[end] == '"';
                if (i == wanted)
                {
                    var field = Encoding.UTF8.GetString(text[..end]).Trim();
                    return field.Length >= 2 && field[0] == '"' ? field[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : field;
                }

                if (end == text.Length)
                    return null;
                text = text[(end + 1)..];
            }
        }
    }
}
