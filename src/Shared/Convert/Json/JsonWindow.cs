namespace DataIngestion.Conversion.Json;

/// <summary>The part of the text that is in memory.</summary>
internal sealed class JsonWindow
{
    long _countedTo;
    long _lines;
    long _lineStart;

    public byte[] Buffer { get; set; } = [];

    /// <summary>Where the buffer begins in the text.</summary>
    public long Offset { get; set; }

    /// <summary>Where the reader of the moment begins in the text.</summary>
    public long ReaderOffset { get; set; }

    /// <summary>Begins another text, at the start of the buffer.</summary>
    public void Restart(byte[] buffer)
    {
        Buffer = buffer;
        (Offset, ReaderOffset, _countedTo, _lines, _lineStart) = (0, 0, 0, 0, 0);
    }

    /// <summary>The line of a place that is in memory and not before one asked earlier.</summary>
    public long LineAt(long place)
    {
        var passed = Slice(_countedTo, place);
        var last = passed.LastIndexOf((byte)'\n');
        if (last >= 0)
        {
            _lines += passed.Count((byte)'\n');
            _lineStart = _countedTo + last + 1;
        }

        _countedTo = place;
        return _lines + 1;
    }

    /// <summary>An error at a place that is in memory and not before one asked earlier.</summary>
    public ConversionException Error(long place, string message)
    {
        var line = LineAt(place);
        return new(message, line, place - _lineStart + 1);
    }

    public ReadOnlySpan<byte> Slice(long from, long to) => Buffer.AsSpan((int)(from - Offset), (int)(to - from));
}
