using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>Looks into artefacts as far as a collection must: whether they are what was expected, their records, the next page's token.</summary>
internal sealed class ArtefactReader
{
    const int SniffedBytes = 64 << 10;

    readonly SourceDatasetDefinition _dataset;
    readonly bool _mustCount;
    readonly bool _counts;
    readonly PagePaths _paths;

    /// <param name="dataset">Says the format, the record path, the cursor and the pagination.</param>
    /// <param name="mustCount">Whether the records matter, or only whether the bytes are what was expected.</param>
    public ArtefactReader(SourceDatasetDefinition dataset, bool mustCount)
    {
        _dataset = dataset;
        _mustCount = mustCount || dataset.Format.RecordPath is not null || dataset.Format.Layout is RecordLayout.Columns;
        _counts = _mustCount || dataset.Pagination is not null;
        _paths = PagePaths.Of(dataset.Pagination);
    }

    /// <summary>Whether pages of a definition end by what is in them, so that somebody has to look.</summary>
    public static bool MustCountFor(PaginationDefinition? pagination) =>
        pagination is { Kind: not (PaginationKind.Link or PaginationKind.Header or PaginationKind.Url) } or { MorePath: not null } or { TotalPath: not null };

    /// <summary>Reads an artefact.</summary>
    /// <param name="content">A seekable stream at its start.</param>
    /// <param name="contentType">What the source declared.</param>
    /// <param name="sink">Told about each record.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when there was no need to look for records.</returns>
    /// <exception cref="UnexpectedContentException">The bytes are not what was expected.</exception>
    public async Task<ArtefactContent?> ReadAsync(Stream content, string? contentType, IRecordSink sink, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(content, cancellationToken);
        if (PackedContent.IsPacked(head))
        {
            if (!_mustCount)
                return null; // the converter unpacks it, and says what is wrong with it
            await using var unpacked = await PackedContent.UnpackAsync(content, _dataset.Format.Entry, _dataset.Limits, cancellationToken);
            return await ReadPlainAsync(unpacked, contentType: null, await HeadAsync(unpacked, cancellationToken), sink, cancellationToken);
        }

        return await ReadPlainAsync(content, contentType, head, sink, cancellationToken);
    }

    static async Task<byte[]> HeadAsync(Stream content, CancellationToken cancellationToken)
    {
        var head = new byte[(int)Math.Min(SniffedBytes, content.Length)];
        await content.ReadExactlyAsync(head, cancellationToken);
        content.Position = 0;
        return head;
    }

    async Task<ArtefactContent?> ReadPlainAsync(Stream content, string? contentType, byte[] head, IRecordSink sink, CancellationToken cancellationToken)
    {
        var isHtml = IsHtml(head);
        var format = _dataset.Format.Format ?? Recognise(head, contentType);
        if (isHtml)
            throw new UnexpectedContentException($"is an HTML page: expected {format ?? "data"}");
        if (!_counts || (!_mustCount && !CanCount(format)))
            return format is "json" && head.Length > 0 && !StartsAsJson(head) ? throw new UnexpectedContentException("does not begin like JSON") : null;
        if (content.Length == 0)
            return new(0, null);

        var cursor = _dataset.Cursor?.Field;
        return format switch
        {
            "ndjson" => await new NdjsonRecords(cursor, _paths.Key).ReadAsync(content, sink, cancellationToken),
            "csv" or "tsv" => await new CsvRecords(_dataset.Format.Delimiter ?? (format is "tsv" ? "tab" : null), _dataset.Format.Header ?? true, cursor, _dataset.Format.SkipLines ?? 0, _paths.Key).ReadAsync(content, sink, cancellationToken),
            "xml" when _dataset.Format.RecordPath is { } path => await new XmlRecords(path, cursor, _paths).ReadAsync(content, sink, cancellationToken),
            "xml" => throw new UnexpectedContentException("is XML, whose records can only be counted where 'format.recordPath' is configured"),
            _ => await new JsonRecords(_dataset.Format, cursor, _paths.Next, _paths).ReadAsync(content, sink, cancellationToken),
        };
    }

    bool CanCount(string? format) => format is null or "json" or "ndjson" or "csv" or "tsv" || (format is "xml" && _dataset.Format.RecordPath is not null);

    static string? Recognise(ReadOnlySpan<byte> head, string? contentType)
    {
        var type = contentType?.Split(';')[0].Trim().ToLowerInvariant() ?? "";
        if (type.Contains("ndjson", StringComparison.Ordinal) || type.Contains("jsonl", StringComparison.Ordinal))
            return "ndjson";
        if (StartsAsJson(head))
            return IsNdjson(head) ? "ndjson" : "json";
        if (type.EndsWith("csv", StringComparison.Ordinal))
            return "csv";
        if (type.EndsWith("json", StringComparison.Ordinal))
            return "json";
        return First(head) is (byte)'<' ? "xml" : "csv";
    }

    // Several lines, of which the first alone is a whole document.
    static bool IsNdjson(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOf((byte)'\n');
        if (end <= 0 || head[end..].Trim(" \t\r\n"u8).IsEmpty)
            return false;
        var reader = new Utf8JsonReader(head[..end]);
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool IsHtml(ReadOnlySpan<byte> head)
    {
        var text = System.Text.Encoding.ASCII.GetString(head[..Math.Min(head.Length, 1024)]).TrimStart('?', '\uFEFF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    static bool StartsAsJson(ReadOnlySpan<byte> head) => First(head) is (byte)'{' or (byte)'[';

    static byte First(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8))
            head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        return head.IsEmpty ? (byte)0 : head[0];
    }
}
