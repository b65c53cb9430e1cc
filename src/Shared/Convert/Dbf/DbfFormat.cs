using DataIngestion.Conversion.Formats;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Dbf;

/// <summary>Tables of dBASE III, IV, V and 7, Clipper, FoxPro and Visual FoxPro.</summary>
internal sealed class DbfFormat : IColumnFormat
{
    const int MostMemoBytes = 256 << 20;

    public string Name => "dbf";

    public bool IsText => false;

    public bool NeedsSeek => true;

    public ValueTask<IColumnReader> OpenAsync(Stream content, FormatContext context, CancellationToken cancellationToken)
    {
        var header = DbfHeader.Read(content);
        var (encoding, note) = DbfCodePages.Of(header, context.Options.Text("code-page"));
        var memo = context.Options.File("memo", MostMemoBytes) is { } bytes ? new DbfMemo(bytes, header) : null;
        var notes = new List<string>();
        if (note is not null)
            notes.Add(note);
        var memos = header.Fields.Where(f => memo is null && f.IsMemo(header.IsFoxPro)).Select(f => f.Name).ToList();
        if (memos.Count > 0)
            notes.Add($"The columns {string.Join(", ", memos)} are left out: their values lie in the .dbt or .fpt file beside the table, which the option 'memo' names.");
        var names = new Pipeline.ColumnNames(context.Limits.MaxColumns);
        List<DbfColumn> columns = [.. header.Fields
            .Where(f => f.Kind != '0' && (memo is not null || !f.IsMemo(header.IsFoxPro)))
            .Select(f => new DbfColumn(names.AddUnique(f.Name), f, header, encoding, memo))];
        if (columns.Count == 0)
            throw new NotSupportedException("Every column of the DBF table is a memo, whose values lie in the .dbt or .fpt file beside it: name that by the option 'memo'.");
        var reader = new DbfReader(content, header, columns, notes);
        reader.Survey(cancellationToken);
        return new(reader);
    }
}

/// <summary>One reading of a table, which is read once before to see what its numbers and dates hold.</summary>
internal sealed class DbfReader(Stream content, DbfHeader header, IReadOnlyList<DbfColumn> columns, List<string> notes) : IColumnReader
{
    const int MostRows = 65_536;
    const long MostBytes = 32 << 20;
    const int ReadBytes = 1 << 20;
    const byte IsKept = (byte)' ';
    const byte IsDeleted = (byte)'*';
    const byte EndOfFile = 0x1A;

    long _deleted;
    DataSchema? _schema;

    public DataSchema Schema => _schema ??= new(columns.Select(c => new DataColumn(c.Name, c.Type)));

    public IReadOnlyList<string> Notes =>
    [
        .. notes, .. columns.Select(c => c.Note).OfType<string>(), .. _deleted == 0 ? Array.Empty<string>() : [$"{_deleted} records are marked as deleted and left out."],
    ];

    public void Survey(CancellationToken cancellationToken)
    {
        var record = 0L;
        foreach (var bytes in Records(cancellationToken))
        {
            record++;
            foreach (var column in columns)
                column.Look(bytes.Span, record);
        }

        var end = header.HeaderLength + header.Records * header.RecordLength;
        if (content.Length - end >= header.RecordLength)
            notes.Add($"{content.Length - end} bytes follow the {header.Records} records that the header says, and are not read.");
    }

    public async IAsyncEnumerable<RecordBatch> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var builder = new RecordBatchBuilder(Schema);
        foreach (var record in Records(cancellationToken))
        {
            for (var i = 0; i < columns.Count; i++)
                columns[i].Append(record.Span, builder[i]);
            builder.EndRow();
            if (builder.Count == MostRows || (builder.Count % 64 == 0 && builder.Bytes >= MostBytes))
                yield return builder.Detach();
        }

        if (builder.Count > 0)
            yield return builder.Detach();
    }

    /// <summary>The records that are not deleted.</summary>
    IEnumerable<ReadOnlyMemory<byte>> Records(CancellationToken cancellationToken)
    {
        _deleted = 0;
        var size = header.RecordLength;
        var buffer = new byte[Math.Max(1, ReadBytes / size) * size];
        content.Position = header.HeaderLength;
        for (var done = 0L; done < header.Records;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = (int)Math.Min(buffer.Length / size, header.Records - done);
            content.ReadExactly(buffer, 0, some * size);
            for (var i = 0; i < some; i++, done++)
            {
                switch (buffer[i * size])
                {
                    case IsKept:
                        yield return buffer.AsMemory(i * size, size);
                        break;
                    case IsDeleted:
                        _deleted++;
                        break;
                    case EndOfFile:
                        throw new InvalidDataException($"The DBF table ends after {done} records, and its header says {header.Records}.");
                    default:
                        throw new InvalidDataException($"The DBF table is damaged: record {done + 1} starts with the byte {buffer[i * size]:x2}, and should with a space or an asterisk.");
                }
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
