using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Edi;

/// <summary>Reads the segments of interchanges, one after another, from a stream.</summary>
internal sealed class EdiRowReader(EdiStandard standard, string table, ConversionLimits limits, int bufferBytes = 1 << 18) : IRowReader
{
    const int AdviceBytes = 9;
    readonly bool _isX12 = standard == EdiStandard.X12;
    EdiSyntax? _syntax;
    long _offset;
    long _line = 1;
    long _outside;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var rows = new EdiRows(standard, table, consumer);
        var buffer = new byte[Math.Max(16, bufferBytes)];
        var length = 0;
        for (var final = false; !final;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken);
            final = read == 0;
            length += read;
            var used = Read(buffer.AsSpan(0, length), final, rows);
            buffer.AsSpan(used, length - used).CopyTo(buffer);
            length -= used;
            if (length > limits.MaxRecordBytes)
                throw new ConversionException($"A segment is longer than {limits.MaxRecordBytes} bytes: is its end another character than the interchange's header says?", _line);
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(Array.MaxLength, buffer.Length * 2L));
            await consumer.PumpAsync(cancellationToken);
        }

        if (rows.Envelope.Interchanges == 0 && rows.Envelope.MessageNumber == 0)
            throw new ConversionException($"The content holds no {(_isX12 ? "X12 interchange: none begins with ISA" : "EDIFACT interchange: none begins with UNA, UNB or UNH")}.");
        rows.Envelope.Complete(new(0, _offset, _line));
        return [.. Notes(rows)];
    }

    IEnumerable<string> Notes(EdiRows rows)
    {
        yield return $"{rows.Envelope.Interchanges} interchanges with {rows.Envelope.MessageNumber} messages";
        foreach (var fault in rows.Envelope.Faults)
            yield return fault;
        if (_outside > 0)
            yield return $"{_outside} lines outside interchanges were passed over";
        if (rows.Passed > 0)
            yield return $"{rows.Passed} pieces that are no segments were passed over: the table '{EdiRows.Segments}' rejects them";
        if (rows.Decoded > 0)
            yield return $"{rows.Decoded} segments were no UTF-8 and were read as ISO 8859-1";
    }

    /// <summary>Reads whole segments; returns the bytes of them.</summary>
    int Read(ReadOnlySpan<byte> content, bool isLast, EdiRows rows)
    {
        var used = 0;
        while (true)
        {
            used += Skip(content[used..]);
            var rest = content[used..];
            if (rest.IsEmpty)
                return used;
            if (Syntax(rest, isLast, out var advice) is not { } syntax)
            {
                var outside = advice < 0 ? 0 : Outside(rest, isLast);
                if (outside == 0)
                    return used;
                used += outside;
                continue;
            }

            if (advice > 0)
            {
                Advance(rest[..advice]);
                used += advice;
                continue;
            }

            var length = syntax.SegmentLength(rest);
            if (length < 0)
            {
                if (!isLast)
                    return used;
                rows.Reject(new(0, _offset, _line), "segment-end", $"a segment that ends with '{(char)syntax.Terminator}'", rest);
                Advance(rest);
                return content.Length;
            }

            Segment(rest[..length], syntax, rows);
            Advance(rest[..(length + 1)]);
            used += length + 1;
        }
    }

    void Segment(ReadOnlySpan<byte> text, EdiSyntax syntax, EdiRows rows)
    {
        rows.Take(text, syntax, _offset, _line);
        // What follows an interchange is another one, with separators of its own.
        if (_isX12 && text.StartsWith("IEA"u8) || !_isX12 && text.StartsWith("UNZ"u8))
            _syntax = null;
    }

    /// <summary>Line ends and blanks between segments.</summary>
    int Skip(ReadOnlySpan<byte> content)
    {
        var length = content.IndexOfAnyExcept("\r\n \t"u8);
        length = length < 0 ? content.Length : length;
        Advance(content[..length]);
        return length;
    }

    void Advance(ReadOnlySpan<byte> bytes)
    {
        _offset += bytes.Length;
        _line += bytes.Count((byte)'\n');
    }

    /// <summary>The separators that hold for the segment that the content begins with; null where it is none.</summary>
    /// <param name="advice">Bytes of a service string advice; -1 where more must be there to know.</param>
    EdiSyntax? Syntax(ReadOnlySpan<byte> content, bool isLast, out int advice)
    {
        advice = 0;
        if (_isX12)
        {
            // A header may come again without the end of the interchange before it.
            if (_syntax is not null && !(content.StartsWith("ISA"u8) && content.Length > 3 && content[3] == _syntax.Element))
                return _syntax;
            if (!content.StartsWith("ISA"u8))
            {
                advice = content.Length < 3 && !isLast ? -1 : 0;
                return _syntax;
            }

            var found = EdiSyntax.X12(content, out var isWrong);
            if (found is null && !isWrong && !isLast)
                advice = -1;
            return advice < 0 ? null : _syntax = found ?? _syntax;
        }

        if (content.Length < AdviceBytes && !isLast)
        {
            advice = -1;
            return null;
        }

        if (content.StartsWith("UNA"u8) && content.Length >= AdviceBytes)
        {
            _syntax = EdiSyntax.Una(content);
            advice = AdviceBytes;
        }
        else if (_syntax is null && (content.StartsWith("UNB"u8) || content.StartsWith("UNH"u8)) && content.Length > 3 && content[3] == '+')
        {
            _syntax = Version4(content) ? EdiSyntax.Edifact with { Repetition = (byte)'*' } : EdiSyntax.Edifact;
        }

        return _syntax;
    }

    /// <summary>Whether an interchange without advice is of syntax version 4, which has repetitions: <c>UNB+UNOC:4+</c>.</summary>
    static bool Version4(ReadOnlySpan<byte> content) => content.Length > 10 && content.StartsWith("UNB+UNO"u8) && content[8] == ':' && content[9] == '4';

    /// <summary>Text where an interchange should begin: up to the line's end, or to where one begins in it.</summary>
    int Outside(ReadOnlySpan<byte> content, bool isLast)
    {
        var line = content.IndexOf((byte)'\n');
        if (line < 0 && !isLast && content.Length <= limits.MaxRecordBytes)
            return 0;
        var length = line < 0 ? content.Length : line + 1;
        _outside++;
        Advance(content[..length]);
        return length;
    }
}
