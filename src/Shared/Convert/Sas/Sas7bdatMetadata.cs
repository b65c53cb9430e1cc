namespace DataIngestion.Conversion.Sas;

/// <summary>What the subheaders of all pages say: the variables, the rows, the compression.</summary>
internal sealed class Sas7bdatMetadata(Sas7bdatHeader header)
{
    const uint RowSize = 0xF7F7F7F7;
    const uint ColumnSize = 0xF6F6F6F6;
    const uint Counts = 0xFFFFFC00;
    const uint Formats = 0xFFFFFBFE;
    const uint Attributes = 0xFFFFFFFC;
    const uint Texts = 0xFFFFFFFD;
    const uint Names = 0xFFFFFFFF;
    readonly List<byte[]> _texts = [];
    readonly List<(int Text, int Offset, int Length)> _names = [];
    readonly List<(long Offset, int Width, byte Kind)> _attributes = [];
    readonly List<((int Text, int Offset, int Length) Format, (int Text, int Offset, int Length) Label)> _formats = [];

    public int RowBytes { get; private set; }

    /// <summary>Rows, with those that were deleted.</summary>
    public long Rows { get; private set; } = -1;

    public long RowsInMixedPage { get; private set; }

    public int Columns { get; private set; } = -1;

    /// <summary>How rows are packed, where they are.</summary>
    public RowPacking Packing { get; private set; }

    /// <summary>Whether every variable is described.</summary>
    public bool IsComplete => Rows >= 0 && Columns >= 0 && _names.Count >= Columns && _attributes.Count >= Columns && _formats.Count >= Columns;

    /// <summary>Whether a subheader is one of these; otherwise, in a compressed file, it is a row.</summary>
    public static bool IsKnown(uint signature) => signature is RowSize or ColumnSize or Counts or Formats or >= 0xFFFFFFF8;

    /// <summary>Takes a subheader.</summary>
    public void Add(uint signature, ReadOnlySpan<byte> bytes)
    {
        switch (signature)
        {
            case RowSize:
                AddRowSize(bytes);
                break;
            case ColumnSize:
                Need(bytes, header.Word * 2);
                Columns = (int)Math.Clamp(header.ReadWord(bytes[header.Word..]), 0, int.MaxValue);
                break;
            case Texts:
                AddTexts(bytes[header.Word..]);
                break;
            case Names:
                for (var at = header.Word + 8; at + 8 <= bytes.Length - Tail; at += 8)
                    _names.Add(Reference(bytes[at..]));
                break;
            case Attributes:
                for (var at = header.Word + 8; at + header.Word + 8 <= bytes.Length - Tail; at += header.Word + 8)
                    _attributes.Add((header.ReadWord(bytes[at..]), header.Int32(bytes[(at + header.Word)..]), bytes[at + header.Word + 6]));
                break;
            case Formats:
                Need(bytes, header.Is64Bit ? 58 : 46);
                _formats.Add((Reference(bytes[(header.Is64Bit ? 46 : 34)..]), Reference(bytes[(header.Is64Bit ? 52 : 40)..])));
                break;
        }
    }

    void AddRowSize(ReadOnlySpan<byte> bytes)
    {
        Need(bytes, header.Word * 16);
        RowBytes = (int)Math.Clamp(header.ReadWord(bytes[(header.Word * 5)..]), 0, int.MaxValue);
        Rows = header.ReadWord(bytes[(header.Word * 6)..]);
        RowsInMixedPage = header.ReadWord(bytes[(header.Word * 15)..]);
        if (Rows < 0 || RowsInMixedPage < 0)
            throw new InvalidDataException($"The SAS7BDAT file says that it has {Rows} rows.");
    }

    void AddTexts(ReadOnlySpan<byte> bytes)
    {
        if (_texts.Count == 0)
            Packing = bytes.IndexOf("SASYZCRL"u8) >= 0 ? RowPacking.Runs : bytes.IndexOf("SASYZCR2"u8) >= 0 ? RowPacking.Repeats : RowPacking.None;
        _texts.Add(bytes.ToArray());
    }

    /// <summary>Bytes behind the entries of a subheader that lists variables.</summary>
    int Tail => header.Is64Bit ? 12 : 8;

    (int, int, int) Reference(ReadOnlySpan<byte> bytes) => (header.UInt16(bytes), header.UInt16(bytes[2..]), header.UInt16(bytes[4..]));

    static void Need(ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < length)
            throw new InvalidDataException($"A subheader of the SAS7BDAT file has {bytes.Length} bytes, and needs {length}.");
    }

    /// <summary>The variables, in their order.</summary>
    /// <exception cref="InvalidDataException">One is not, or wrongly, described.</exception>
    public List<SasColumn> Describe(SasText text)
    {
        if (Rows < 0 || Columns < 0 || _names.Count < Columns || _attributes.Count < Columns)
            throw new InvalidDataException($"The SAS7BDAT file describes {Math.Min(_names.Count, _attributes.Count)} of its {Columns} variables: it is damaged.");
        var columns = new List<SasColumn>(Columns);
        for (var i = 0; i < Columns; i++)
        {
            var (offset, width, kind) = _attributes[i];
            if (kind is not (1 or 2))
                throw new InvalidDataException($"The SAS7BDAT file has a variable of type {kind}, which there is not.");
            var (format, label) = i < _formats.Count ? _formats[i] : default;
            columns.Add(new(Text(_names[i], text), Text(label, text), Text(format, text), kind == 1, (int)Math.Clamp(offset, 0, int.MaxValue), width));
            columns[^1].Check(RowBytes);
        }

        return columns;
    }

    string Text((int Text, int Offset, int Length) place, SasText text)
    {
        if (place.Length == 0)
            return "";
        if (place.Text >= _texts.Count || place.Offset + place.Length > _texts[place.Text].Length)
            throw new InvalidDataException("The SAS7BDAT file has a name, label or format that lies outside of its texts.");
        return text.Of(_texts[place.Text].AsSpan(place.Offset, place.Length));
    }
}

/// <summary>How rows are packed.</summary>
internal enum RowPacking
{
    None,
    Runs,
    Repeats,
}
