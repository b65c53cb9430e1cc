using System.Globalization;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Markup;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Sec;

/// <summary>Reads submissions, one after another: what is held is a header and the fields of one document.</summary>
internal sealed class SecSubmissionReader(FormatContext context, RecordTable table) : IRowReader
{
    readonly List<(string Text, long Line)> _header = [];
    readonly Dictionary<string, string> _document = new(StringComparer.Ordinal);
    string?[] _values = new string?[SecSubmissionFormat.HeaderColumns.Length];
    long _headerSize;
    bool _isThere;
    bool _hasStart;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var lines = new SecLines(content);
        var rows = new RecordRows(consumer, table, hasOther: false);
        var documents = 0L;
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var body = line.Trim();
            if (body == "<DOCUMENT>")
            {
                await EndHeaderAsync(rows, cancellationToken);
                await DocumentAsync(lines, rows, cancellationToken);
                documents++;
                continue;
            }

            if (body.StartsWith("<SEC-DOCUMENT>", StringComparison.Ordinal) || body == "<SUBMISSION>")
            {
                // What stands before the first one is its envelope.
                if (_hasStart)
                    await EndHeaderAsync(rows, cancellationToken);
                _hasStart = true;
            }

            AddHeader(line, lines);
        }

        await EndHeaderAsync(rows, cancellationToken);
        if (!_isThere)
            throw new ConversionException("This is not a submission of EDGAR: there is neither a header with an accession number nor a <DOCUMENT>.");
        await consumer.PumpAsync(cancellationToken);
        return [$"table {table.Name}", $"{documents} documents"];
    }

    void AddHeader(string line, SecLines lines)
    {
        if (line.Trim() is "" or "</SEC-DOCUMENT>" or "<SUBMISSION>" or "</SUBMISSION>")
            return;
        _headerSize += line.Length + 16;
        if (_headerSize > context.Limits.MaxRecordBytes)
            throw new ConversionException($"A header is larger than {context.Limits.MaxRecordBytes} bytes, or this is not a submission of EDGAR.", lines.Line);
        _header.Add((line, lines.Line));
    }

    async ValueTask EndHeaderAsync(RecordRows rows, CancellationToken cancellationToken)
    {
        if (_header.Count == 0)
            return;
        var fields = SecHeader.Parse(_header);
        _header.Clear();
        _hasStart = false;
        _headerSize = 0;
        _values = [.. SecSubmissionFormat.HeaderColumns.Select(c => Value(fields, c.Column, c.Keys))];
        _isThere |= _values[0] is not null;
        if (table != SecSubmissionFormat.Header)
            return;
        foreach (var field in fields)
            await rows.AddAsync([_values[0], Blank(field.Section), Blank(field.Key), Blank(field.Value), field.Line.ToString(CultureInfo.InvariantCulture)], null, (int)Math.Min(int.MaxValue, field.Line), cancellationToken);
    }

    static string? Value(List<SecField> fields, string column, string[] keys)
    {
        var value = Blank(fields.Find(f => keys.Contains(f.Key) && f.Value.Length > 0)?.Value);
        return value is { Length: 8 } && column is "filed" or "period" && value.AsSpan().ContainsAnyExceptInRange('0', '9') == false ? $"{value[..4]}-{value[4..6]}-{value[6..]}" : value;
    }

    static string? Blank(string? text) => string.IsNullOrEmpty(text) ? null : text;

    async ValueTask DocumentAsync(SecLines lines, RecordRows rows, CancellationToken cancellationToken)
    {
        _isThere = true;
        _document.Clear();
        var began = lines.Line;
        (long Start, long End, long Count) text = (-1, -1, 0);
        string? content = null;
        while (await lines.ReadAsync(cancellationToken) is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var body = line.Trim();
            if (body == "</DOCUMENT>")
            {
                if (text.Start >= 0 && text.End < 0)
                    text.End = lines.Offset;
                await AddAsync(rows, text, content, began, cancellationToken);
                return;
            }

            if (text.Start < 0)
            {
                if (body == "<TEXT>")
                    text.Start = lines.Next;
                else if (body.StartsWith('<') && body.IndexOf('>', StringComparison.Ordinal) is > 0 and var end && _document.Count < context.Limits.MaxColumns)
                    _document.TryAdd(body[1..end], body[(end + 1)..].Trim());
            }
            else if (body == "</TEXT>")
            {
                text.End = lines.Offset;
            }
            else if (text.End < 0)
            {
                text.Count++;
                content ??= body.Length == 0 ? null : body switch
                {
                    "<XML>" => "xml",
                    "<XBRL>" => "xbrl",
                    "<PDF>" => "pdf",
                    _ when body.StartsWith("<html", StringComparison.OrdinalIgnoreCase) || body.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) => "html",
                    _ when body.StartsWith("begin ", StringComparison.Ordinal) => "uuencoded",
                    _ => "text",
                };
            }
        }

        throw new ConversionException($"The file ends inside the document that begins in line {began}: it is cut.", Math.Max(1, lines.Line));
    }

    ValueTask AddAsync(RecordRows rows, (long Start, long End, long Count) text, string? content, long line, CancellationToken cancellationToken)
    {
        if (table != SecSubmissionFormat.Documents)
            return ValueTask.CompletedTask;
        var sequence = _document.GetValueOrDefault("SEQUENCE");
        return rows.AddAsync(
            [
                .. _values,
                sequence is null ? null : FieldTexts.Number(sequence), Blank(_document.GetValueOrDefault("TYPE")), Blank(_document.GetValueOrDefault("FILENAME")), Blank(_document.GetValueOrDefault("DESCRIPTION")), content,
                text.Start < 0 ? null : Number(text.Start), text.Start < 0 ? null : Number(text.End - text.Start), text.Start < 0 ? null : Number(text.Count),
            ],
            null, (int)Math.Min(int.MaxValue, line), cancellationToken);
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
