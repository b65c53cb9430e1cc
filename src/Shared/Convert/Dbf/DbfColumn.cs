using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Dbf;

/// <summary>A column: what its field declares, where every value keeps to it; otherwise the text of its values.</summary>
internal sealed class DbfColumn
{
    static readonly SearchValues<byte> Digits = SearchValues.Create("+-.0123456789"u8);
    const int DaysToUnix = 2_440_588; // the Julian day number of 1970-01-01
    const long MillisecondsPerDay = 86_400_000;
    const int MoneyScale = 4;

    readonly DbfField _field;
    readonly DbfHeader _header;
    readonly Encoding _encoding;
    readonly DbfMemo? _memo;
    readonly DbfField? _flags;
    readonly char[] _characters;
    ColumnBuilder? _builder;
    CellParser? _parser;
    ColumnBuilder? _parserOf;

    public DbfColumn(string name, DbfField field, DbfHeader header, Encoding encoding, DbfMemo? memo)
    {
        (Name, _field, _header, _encoding, _memo) = (name, field, header, encoding, memo);
        _flags = header.Fields.FirstOrDefault(f => f.Kind == '0');
        _characters = new char[encoding.GetMaxCharCount(field.Length)];
        Type = Declared();
    }

    public string Name { get; }

    /// <summary>What the values are; settled when all were looked at.</summary>
    public DataType Type { get; private set; }

    public string? Note { get; private set; }

    bool IsText => Type.Kind == DataKind.String;

    /// <summary>Whether the field holds digits, a date or a boolean as text.</summary>
    bool IsSpelled => _field.Kind is 'N' or 'F' or 'D' or 'L';

    DataType Declared() => _field.Kind switch
    {
        'N' or 'F' when _field.Decimals == 0 => _field.Length <= 18 ? DataType.Int64 : DataType.Decimal(DataType.MaxPrecision, 0),
        'N' or 'F' => DataType.Decimal(_field.Length <= 18 ? 18 : DataType.MaxPrecision, Math.Min(_field.Decimals, _field.Length <= 18 ? 17 : 37)),
        'D' => DataType.Date,
        'L' => DataType.Boolean,
        'I' or '+' => DataType.Int32,
        'Y' => DataType.Decimal(19, MoneyScale),
        'T' or '@' => DataType.Timestamp(TimeUnit.Milliseconds, isUtc: false),
        'O' => DataType.Double,
        'B' when _header.IsFoxPro => DataType.Double,
        'M' => DataType.String,
        'G' or 'P' or 'W' or 'B' or 'Q' => DataType.Binary,
        _ => DataType.String,
    };

    /// <summary>Holds a value against the declared type, and widens that where it does not fit: a day, or a number that overflowed into scientific notation, is kept as its text.</summary>
    public void Look(ReadOnlySpan<byte> record, long row)
    {
        if (!IsSpelled || IsText || IsNull(record))
            return;
        var text = Spelled(record);
        if (text.IsEmpty)
            return;
        _builder ??= ColumnBuilder.For(Type);
        if (TryAppend(text, _builder))
        {
            _builder.Truncate(0);
            return;
        }

        Note = $"Column '{Name}' is text: '{Encoding.Latin1.GetString(text)}' (record {row}) is no {Type}.";
        Type = DataType.String;
    }

    /// <summary>Adds the value of a record.</summary>
    public void Append(ReadOnlySpan<byte> record, ColumnBuilder builder)
    {
        var value = record.Slice(_field.Start, _field.Length);
        if (IsNull(record))
            builder.AppendNull();
        else if (IsSpelled)
            AppendSpelled(Spelled(record), builder);
        else if (_field.Kind is 'C' or 'V')
            AppendText(_field.Kind == 'V' ? Varying(record, value) : value.TrimEnd(" \0"u8), (BytesBuilder)builder);
        else if (_field.Kind == 'Q')
            ((BytesBuilder)builder).Append(Varying(record, value));
        else if (_field.IsMemo(_header.IsFoxPro))
            AppendMemo(value, (BytesBuilder)builder);
        else
            AppendBinary(value, builder);
    }

    void AppendSpelled(ReadOnlySpan<byte> text, ColumnBuilder builder)
    {
        if (text.IsEmpty)
            builder.AppendNull();
        else if (IsText)
            AppendText(text, (BytesBuilder)builder);
        else if (!TryAppend(text, builder))
            throw new InvalidDataException($"The DBF table changed while it was read: '{Encoding.Latin1.GetString(text)}' is no {Type}.");
    }

    /// <summary>Digits without blanks; empty where there is no value, which question marks say of booleans.</summary>
    ReadOnlySpan<byte> Spelled(ReadOnlySpan<byte> record)
    {
        var text = record.Slice(_field.Start, _field.Length).Trim(" \0"u8);
        return (_field.Kind == 'L' && text is [(byte)'?']) || (_field.Kind == 'D' && text.IndexOfAnyExcept((byte)'0') < 0) ? default : text;
    }

    bool TryAppend(ReadOnlySpan<byte> text, ColumnBuilder builder)
    {
        switch (builder)
        {
            case FixedBuilder<bool> flags:
                if (text is not [var flag] || !"TtYyFfNn".Contains((char)flag, StringComparison.Ordinal))
                    return false;
                flags.Append("TtYy".Contains((char)flag, StringComparison.Ordinal));
                return true;
            case FixedBuilder<int> days:
                if (text.Length != 8 || !DateOnly.TryParseExact(Encoding.Latin1.GetString(text), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    return false;
                days.Append(day.DayNumber - 719_162);
                return true;
            default:
                if (_parser is null || !ReferenceEquals(_parserOf, builder))
                    (_parser, _parserOf) = (CellParser.For(Type, builder, ColumnFormat.Default), builder);
                return !text.ContainsAnyExcept(Digits) && _parser.TryAppend(text);
        }
    }

    void AppendText(ReadOnlySpan<byte> text, BytesBuilder builder)
    {
        var characters = _characters.Length >= _encoding.GetMaxCharCount(text.Length) ? _characters : new char[_encoding.GetMaxCharCount(text.Length)];
        builder.Append(characters.AsSpan(0, _encoding.GetChars(text, characters)));
    }

    void AppendMemo(ReadOnlySpan<byte> value, BytesBuilder builder)
    {
        var block = value.Length == 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(value)
            : value.Trim(" \0"u8) is { IsEmpty: false } digits ? long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new InvalidDataException($"The DBF table is damaged: '{Encoding.Latin1.GetString(digits)}' in column '{Name}' is no place of a memo.") : 0;
        if (block == 0)
            builder.AppendNull();
        else if (IsText)
            AppendText(_memo![block], builder);
        else
            builder.Append(_memo![block]);
    }

    void AppendBinary(ReadOnlySpan<byte> value, ColumnBuilder builder)
    {
        var needed = _field.Kind is 'I' or '+' ? 4 : 8;
        if (value.Length != needed)
            throw new InvalidDataException($"The DBF table is damaged: column '{Name}' of type {_field.Kind} has {value.Length} bytes, not {needed}.");
        switch (_field.Kind)
        {
            case 'I' or '+':
                // dBASE 7 stores numbers so that their bytes sort: the highest byte first, with the sign turned.
                ((FixedBuilder<int>)builder).Append(_header.IsLevel7 ? BinaryPrimitives.ReadInt32BigEndian(value) ^ int.MinValue : BinaryPrimitives.ReadInt32LittleEndian(value));
                break;
            case 'Y':
                ((FixedBuilder<Int128>)builder).Append(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case 'B':
                ((FixedBuilder<double>)builder).Append(BinaryPrimitives.ReadDoubleLittleEndian(value));
                break;
            case 'O':
                var bits = BinaryPrimitives.ReadInt64BigEndian(value);
                ((FixedBuilder<double>)builder).Append(BitConverter.Int64BitsToDouble(bits < 0 ? bits ^ long.MinValue : ~bits));
                break;
            default:
                AppendMoment(value, (FixedBuilder<long>)builder);
                break;
        }
    }

    void AppendMoment(ReadOnlySpan<byte> value, FixedBuilder<long> builder)
    {
        var (day, time) = _field.Kind == 'T'
            ? (BinaryPrimitives.ReadInt32LittleEndian(value), BinaryPrimitives.ReadInt32LittleEndian(value[4..]))
            : (BinaryPrimitives.ReadInt32BigEndian(value), BinaryPrimitives.ReadInt32BigEndian(value[4..]));
        if (day == 0 || value.IndexOfAnyExcept((byte)' ') < 0)
            builder.AppendNull();
        else
            builder.Append((day - (long)DaysToUnix) * MillisecondsPerDay + time);
    }

    /// <summary>Where the flag says that the text is shorter than its field, the last byte is its length.</summary>
    ReadOnlySpan<byte> Varying(ReadOnlySpan<byte> record, ReadOnlySpan<byte> value) =>
        _field.LengthFlag >= 0 && IsSet(record, _field.LengthFlag) ? value[..Math.Min(value[^1], value.Length - 1)] : value;

    bool IsNull(ReadOnlySpan<byte> record) => _field.Flag >= 0 && IsSet(record, _field.Flag);

    bool IsSet(ReadOnlySpan<byte> record, int flag) =>
        _flags is not null && flag / 8 < _flags.Length && (record[_flags.Start + flag / 8] & (1 << (flag % 8))) != 0;
}
