using System.Buffers.Binary;

namespace DataIngestion.Tabular.Parquet;

/// <summary>Turns the values of a page into cells, plain or by dictionary.</summary>
internal abstract class ValueDecoder
{
    ReadOnlyMemory<byte> _plain;
    int[] _indices = [];
    int _at;
    int _count;
    bool _byIndex;
    int _dictionaryCount = -1;

    protected ReadOnlySpan<byte> Plain => _plain.Span;

    /// <summary>Sets the values of the page in their plain form.</summary>
    protected void SetPlain(ReadOnlyMemory<byte> bytes) => _plain = bytes;

    protected int PlainAt { get; set; }

    public void SetDictionary(ReadOnlyMemory<byte> bytes, int count)
    {
        LoadDictionary(bytes, count);
        _dictionaryCount = count;
    }

    public void SetPage(ReadOnlyMemory<byte> bytes, int values, PageEncoding encoding)
    {
        (_at, _count, PlainAt, _plain) = (0, values, 0, bytes);
        _byIndex = encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary;
        if (!_byIndex)
        {
            OpenPlain(encoding, values);
            return;
        }

        if (_dictionaryCount < 0)
            throw new InvalidDataException("A page refers to a dictionary that the column lacks.");
        if (_indices.Length < values)
            _indices = new int[values];
        if (values == 0)
            return;
        if (bytes.Length == 0)
            throw new InvalidDataException("A page of dictionary indices is empty.");
        HybridRuns.Decode(bytes.Span[1..], bytes.Span[0], _indices.AsSpan(0, values));
        foreach (var index in _indices.AsSpan(0, values))
        {
            if ((uint)index >= (uint)_dictionaryCount)
                throw new InvalidDataException($"A page refers to entry {index} of a dictionary of {_dictionaryCount}.");
        }
    }

    public void Emit(ColumnBuilder output, int count)
    {
        if (count > _count - _at)
            throw new InvalidDataException("A page has fewer values than its levels say.");
        if (_byIndex)
            EmitEntries(output, _indices.AsSpan(_at, count));
        else
            EmitPlain(output, count);
        _at += count;
    }

    protected virtual void OpenPlain(PageEncoding encoding, int values)
    {
        if (encoding != PageEncoding.Plain)
            throw new NotSupportedException($"Parquet encoding number {(int)encoding} cannot be read here; plain, dictionary and delta pages can.");
    }

    protected abstract void LoadDictionary(ReadOnlyMemory<byte> bytes, int count);

    protected abstract void EmitEntries(ColumnBuilder output, ReadOnlySpan<int> indices);

    protected abstract void EmitPlain(ColumnBuilder output, int count);

    protected static InvalidDataException Short() => new("A page ends inside a value.");

    public static ValueDecoder For(SchemaElement element, DataType type)
    {
        var width = element.Width;
        var unsigned = element.IsUnsigned;
        return (element.Physical, type.Kind) switch
        {
            (PhysicalType.Boolean, _) => new BooleanDecoder(),
            (PhysicalType.Double, _) => new FixedDecoder<double>(8, BinaryPrimitives.ReadDoubleLittleEndian),
            (PhysicalType.Float, _) => new FixedDecoder<float>(4, BinaryPrimitives.ReadSingleLittleEndian),
            (PhysicalType.Int96, _) => new FixedDecoder<long>(12, Int96),
            (PhysicalType.Int32, DataKind.Int8) => new FixedDecoder<sbyte>(4, b => checked((sbyte)BinaryPrimitives.ReadInt32LittleEndian(b))),
            (PhysicalType.Int32, DataKind.Int16) => new FixedDecoder<short>(4, b => checked((short)BinaryPrimitives.ReadInt32LittleEndian(b))),
            (PhysicalType.Int32, DataKind.Int32 or DataKind.Date) => new FixedDecoder<int>(4, BinaryPrimitives.ReadInt32LittleEndian),
            (PhysicalType.Int32, DataKind.Int64) when unsigned => new FixedDecoder<long>(4, b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
            (PhysicalType.Int32, _) when type.IsWideDecimal => new FixedDecoder<Int128>(4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
            (PhysicalType.Int32, _) => new FixedDecoder<long>(4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
            (PhysicalType.Int64, DataKind.UInt64) => new FixedDecoder<ulong>(8, BinaryPrimitives.ReadUInt64LittleEndian),
            (PhysicalType.Int64, _) when type.IsWideDecimal => new FixedDecoder<Int128>(8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
            (PhysicalType.Int64, _) => new FixedDecoder<long>(8, BinaryPrimitives.ReadInt64LittleEndian),
            (PhysicalType.FixedLengthByteArray, DataKind.Decimal) when type.IsWideDecimal => new FixedDecoder<Int128>(width, BigEndian),
            (PhysicalType.FixedLengthByteArray, DataKind.Decimal) => new FixedDecoder<long>(width, b => checked((long)BigEndian(b))),
            (PhysicalType.FixedLengthByteArray, _) => new BytesDecoder(width),
            (PhysicalType.ByteArray, DataKind.Decimal) => new DecimalBytesDecoder(type.IsWideDecimal),
            _ => new BytesDecoder(0),
        };
    }

    /// <summary>Nanoseconds of the day and the Julian day: the form Impala and old Spark wrote.</summary>
    static long Int96(ReadOnlySpan<byte> bytes)
    {
        const long EpochJulianDay = 2_440_588;
        const long NanosecondsPerDay = 86_400_000_000_000;
        try
        {
            return checked(((BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) - EpochJulianDay) * NanosecondsPerDay) + BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }
        catch (OverflowException wrong)
        {
            throw new InvalidDataException("A timestamp lies outside the years 1677-2262, which is what nanoseconds can say.", wrong);
        }
    }

    internal static Int128 BigEndian(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        var fill = (sbyte)bytes[0] < 0 ? (byte)255 : (byte)0;
        while (bytes.Length > 16)
        {
            if (bytes[0] != fill)
                throw new InvalidDataException("A decimal has more than 38 digits.");
            bytes = bytes[1..];
        }

        Span<byte> padded = stackalloc byte[16];
        padded.Fill(fill);
        bytes.CopyTo(padded[(16 - bytes.Length)..]);
        return BinaryPrimitives.ReadInt128BigEndian(padded);
    }
}
