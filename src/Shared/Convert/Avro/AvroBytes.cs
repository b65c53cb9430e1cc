using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Avro;

internal sealed class BytesDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((BytesBuilder)to).Append(input.ReadBytes());
}

internal sealed class StringDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => Append((BytesBuilder)to, input.ReadBytes());

    public static void Append(BytesBuilder to, ReadOnlySpan<byte> text) =>
        to.Append(Utf8.IsValid(text) ? text : throw new InvalidDataException("a string is not UTF-8"));
}

internal sealed class FixedDecoder(int size) : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to) => ((BytesBuilder)to).Append(input.ReadFixed(size));
}

/// <summary>Sixteen bytes as the text of a UUID (RFC 9562, most significant byte first).</summary>
internal sealed class UuidDecoder : AvroDecoder
{
    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        Span<byte> text = stackalloc byte[36];
        new Guid(input.ReadFixed(16), bigEndian: true).TryFormat(text, out _);
        ((BytesBuilder)to).Append(text);
    }
}

/// <summary>The symbol's text.</summary>
/// <param name="symbols">What the reader takes for each of the writer's symbols; null where it knows none.</param>
internal sealed class EnumDecoder(IReadOnlyList<string> written, IReadOnlyList<string?> symbols) : AvroDecoder
{
    readonly byte[]?[] _texts = [.. symbols.Select(s => s is null ? null : Encoding.UTF8.GetBytes(s))];

    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var index = input.ReadInt();
        if ((uint)index >= (uint)_texts.Length)
            throw new InvalidDataException($"an enum has the symbol number {index} of {_texts.Length}");
        ((BytesBuilder)to).Append(_texts[index] ?? throw new InvalidDataException($"the reader's schema has no symbol '{written[index]}' and no default"));
    }
}

/// <summary>An exact decimal: a number in two's complement, most significant byte first.</summary>
/// <param name="size">Bytes of a fixed; null for bytes with a length.</param>
internal sealed class DecimalDecoder(int? size, int precision, int scale) : AvroDecoder
{
    readonly Int128 _bound = precision <= DataType.MaxPrecision ? precision == 38 ? Int128.MaxValue : ExactDecimal.PowerOfTen(precision) : 0;

    /// <summary>Where no column type has so many digits, the text of the number has.</summary>
    public static DataType TypeOf(int precision, int scale) => precision <= DataType.MaxPrecision ? DataType.Decimal(precision, scale) : DataType.String;

    public override void Read(ref AvroInput input, ColumnBuilder to)
    {
        var bytes = size is { } length ? input.ReadFixed(length) : input.ReadBytes();
        if (_bound == 0)
        {
            ((BytesBuilder)to).Append(Text(bytes));
            return;
        }

        var unscaled = Number(bytes);
        if (Int128.Abs(unscaled) >= _bound || (precision == 38 && Int128.Abs(unscaled) >= Thirty8))
            throw TooLarge();
        if (to is FixedBuilder<long> narrow)
            narrow.Append((long)unscaled);
        else if (to is FixedBuilder<ulong> unsigned)
            unsigned.Append(unscaled >= 0 && unscaled <= ulong.MaxValue ? (ulong)unscaled : throw TooLarge());
        else
            ((FixedBuilder<Int128>)to).Append(unscaled);
    }

    static Int128 Thirty8 { get; } = ExactDecimal.PowerOfTen(38);

    Int128 Number(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        var sign = (bytes[0] & 0x80) != 0 ? byte.MaxValue : (byte)0;
        while (bytes.Length > 16)
        {
            if (bytes[0] != sign || (bytes[1] & 0x80) != (sign & 0x80))
                throw TooLarge();
            bytes = bytes[1..];
        }

        Int128 value = sign == 0 ? 0 : -1;
        foreach (var part in bytes)
            value = (value << 8) | part;
        return value == Int128.MinValue ? throw TooLarge() : value;
    }

    InvalidDataException TooLarge() => new($"a decimal has more than {precision} digits");

    string Text(ReadOnlySpan<byte> bytes)
    {
        var value = new BigInteger(bytes, isBigEndian: true);
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var sign = value.Sign < 0 ? "-" : "";
        return scale == 0 ? sign + digits : $"{sign}{digits[..^scale]}.{digits[^scale..]}";
    }
}
