using System.Globalization;
using System.Text;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>Writes one record into a buffer, as a CSV line or a JSON object; values come in the order of the names.</summary>
internal ref struct FieldWriter(Span<byte> buffer, bool json, IReadOnlyList<string> names)
{
    readonly Span<byte> _buffer = buffer;
    int _field;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    public void Begin()
    {
        (Length, _field) = (0, 0);
        if (json)
            Raw("{"u8);
    }

    public void End() => Raw(json ? "}\n"u8 : "\n"u8);

    /// <summary>Text, quoted where the form needs it; must hold neither quotes nor line ends.</summary>
    public void Text(string value)
    {
        Next();
        var quoted = json || value.Contains(',', StringComparison.Ordinal);
        if (quoted)
            Raw("\""u8);
        Length += Encoding.UTF8.GetBytes(value, _buffer[Length..]);
        if (quoted)
            Raw("\""u8);
    }

    public void Integer(long value)
    {
        Next();
        Format(value);
    }

    /// <summary>A decimal with exactly four places, given in ten-thousandths.</summary>
    public void Price(long tenThousandths)
    {
        Next();
        Format(tenThousandths / 10_000);
        Raw("."u8);
        Format(tenThousandths % 10_000, "0000");
    }

    public void Boolean(bool value)
    {
        Next();
        Raw(value ? "true"u8 : "false"u8);
    }

    public void Date(DateOnly value)
    {
        Next();
        Quoted(value, "yyyy-MM-dd");
    }

    /// <summary>A local timestamp with nine digits after the second.</summary>
    public void Timestamp(DateTime second, long nanoseconds)
    {
        Next();
        if (json)
            Raw("\""u8);
        Format(second, "yyyy-MM-dd HH:mm:ss");
        Raw("."u8);
        Format(nanoseconds, "000000000");
        if (json)
            Raw("\""u8);
    }

    void Quoted<T>(T value, string format)
        where T : IUtf8SpanFormattable
    {
        if (json)
            Raw("\""u8);
        Format(value, format);
        if (json)
            Raw("\""u8);
    }

    void Format<T>(T value, string format = "")
        where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(_buffer[Length..], out var written, format, CultureInfo.InvariantCulture))
            throw new InvalidOperationException("A record of the race is longer than its buffer.");
        Length += written;
    }

    void Next()
    {
        if (_field > 0)
            Raw(","u8);
        if (json)
        {
            Raw("\""u8);
            Length += Encoding.UTF8.GetBytes(names[_field], _buffer[Length..]);
            Raw("\":"u8);
        }

        _field++;
    }

    void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[Length..]);
        Length += bytes.Length;
    }
}
