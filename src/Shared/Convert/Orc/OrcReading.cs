using System.Text;

namespace DataIngestion.Conversion.Orc;

/// <summary>What all columns of a reading share: bounds on what rows may claim, and what is to be told about the file.</summary>
internal sealed class OrcReading(ConversionLimits limits)
{
    /// <summary>Bytes and elements that the rows read at once may have.</summary>
    const long MostAtOnce = 192 << 20;

    long _spent;
    long _repaired;

    /// <summary>Texts that were not UTF-8.</summary>
    public IEnumerable<string> Notes => _repaired == 0
        ? []
        : [$"{_repaired} texts are not UTF-8: bytes that belong to no character are U+FFFD now."];

    /// <summary>A length of one value.</summary>
    public int CheckLength(long length)
    {
        if (length < 0)
            throw new InvalidDataException($"The ORC file is damaged: a value has a length of {length}.");
        return length <= limits.MaxRecordBytes
            ? (int)length
            : throw new InvalidDataException($"A value of the ORC file has {length} bytes or elements: at most {limits.MaxRecordBytes} are read; the limit 'recordBytes' says how many.");
    }

    /// <summary>The next rows are about to be read.</summary>
    public void BeginRows() => _spent = 0;

    /// <summary>Counts what a row takes.</summary>
    public void Spend(long bytes)
    {
        _spent += bytes;
        if (_spent > MostAtOnce)
            throw new InvalidDataException($"The rows of the ORC file are larger than {MostAtOnce >> 20} MiB, and are not read.");
    }

    /// <summary>The bytes as valid UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
            return bytes;
        _repaired++;
        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
    }
}
