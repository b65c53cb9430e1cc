using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Excel.Biff;

/// <summary>
/// Reads the table of shared strings ([MS-XLS] 2.4.265), which goes on over any number of records: a string that is cut by the end of one says
/// anew in the next whether its characters have one byte or two.
/// </summary>
internal sealed class BiffStrings(BiffRecords records)
{
    int _at;
    bool _hasEnded;

    public void ReadTo(SharedStrings strings)
    {
        var count = records.UInt32(4);
        _at = 8;
        var text = new StringBuilder();
        var utf8 = new byte[1024];
        for (var i = 0u; i < count && !_hasEnded; i++)
        {
            if (!TryRead(text))
                break;
            var most = Encoding.UTF8.GetMaxByteCount(text.Length);
            if (utf8.Length < most)
                utf8 = new byte[most];
            var length = 0;
            foreach (var chunk in text.GetChunks())
                length += Encoding.UTF8.GetBytes(chunk.Span, utf8.AsSpan(length));
            strings.Add(utf8.AsSpan(0, length));
        }
    }

    bool TryRead(StringBuilder text)
    {
        text.Clear();
        Span<byte> head = stackalloc byte[4];
        if (!Take(head[..3]))
            return false;
        var (characters, flags) = ((int)BinaryPrimitives.ReadUInt16LittleEndian(head), head[2]);
        var (runs, extra) = (0, 0L);
        if ((flags & 8) != 0)
        {
            Need(head[..2]);
            runs = BinaryPrimitives.ReadUInt16LittleEndian(head);
        }

        if ((flags & 4) != 0)
        {
            Need(head);
            extra = BinaryPrimitives.ReadUInt32LittleEndian(head);
        }

        for (var isWide = (flags & 1) != 0; characters > 0;)
        {
            if (_at >= records.Record.Length)
            {
                if (!Continue())
                    throw Cut();
                isWide = records.Record.Length > 0 && (records.Record[0] & 1) != 0;
                _at = 1;
                continue;
            }

            var rest = records.Record[_at..];
            var take = Math.Min(characters, isWide ? rest.Length / 2 : rest.Length);
            if (take == 0)
            {
                _at = records.Record.Length;
                continue;
            }

            text.Append(isWide ? Encoding.Unicode.GetString(rest[..(take * 2)]) : Encoding.Latin1.GetString(rest[..take]));
            (characters, _at) = (characters - take, _at + (isWide ? take * 2 : take));
        }

        Skip(runs * 4L + extra);
        return true;
    }

    /// <summary>Takes some bytes; false where the table ends before the first.</summary>
    bool Take(Span<byte> to)
    {
        for (var done = 0; done < to.Length;)
        {
            if (_at >= records.Record.Length)
            {
                if (!Continue())
                    return done > 0 ? throw Cut() : false;
                continue;
            }

            var take = Math.Min(to.Length - done, records.Record.Length - _at);
            records.Record.Slice(_at, take).CopyTo(to[done..]);
            (_at, done) = (_at + take, done + take);
        }

        return true;
    }

    void Need(Span<byte> to)
    {
        if (!Take(to))
            throw Cut();
    }

    void Skip(long count)
    {
        while (count > 0)
        {
            if (_at >= records.Record.Length && !Continue())
                return;
            var take = (int)Math.Min(count, records.Record.Length - _at);
            (_at, count) = (_at + take, count - take);
        }
    }

    bool Continue()
    {
        if (_hasEnded || records.PeekType() != BiffRecord.Continue || !records.Read())
        {
            _hasEnded = true;
            return false;
        }

        _at = 0;
        return true;
    }

    static InvalidDataException Cut() => new("The table of shared strings is cut off in a string.");
}
