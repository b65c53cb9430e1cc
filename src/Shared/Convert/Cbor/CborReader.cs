using System.Buffers.Binary;
using System.Numerics;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Cbor;

/// <summary>Reads CBOR data items (RFC 8949, sections 3 and 3.4).</summary>
internal sealed class CborReader(int maxDepth) : BinaryDocumentReader
{
    const int Text = 3;
    const int Array = 4;
    const int Map = 5;
    const int Tag = 6;
    const ulong SelfDescribed = 55_799;
    const byte Break = 0xFF;
    const int MostNotes = 20;

    readonly SortedDictionary<ulong, long> _tags = [];
    readonly List<ulong> _tagsHere = [];

    /// <summary>Elements of an array around the records that are still to come; null inside one of unknown length, 0 outside.</summary>
    ulong? _elements = 0;

    public override string Name => "CBOR";

    public override IReadOnlyList<string> Notes => [.. _tags.Take(MostNotes).Select(t => $"{t.Value} values have the tag {t.Key}, which says nothing here: they are read as what they are without it")];

    public override int Read(ReadOnlySpan<byte> bytes, bool isLast, Utf8Buffer to)
    {
        var input = new DocumentBytes(bytes, maxDepth);
        _tagsHere.Clear();
        if (_elements is null && input.Peek() == Break)
        {
            input.Byte();
            _elements = 0;
        }
        else if (_elements is null or > 0)
        {
            Item(ref input, to);
            _elements--;
        }
        else if (!BeginsRecords(ref input))
        {
            input = new(bytes, maxDepth);
            Item(ref input, to);
        }

        // Only now: what is cut off is read again.
        foreach (var tag in _tagsHere)
            _tags[tag] = _tags.GetValueOrDefault(tag) + 1;
        return input.At;
    }

    public override void End()
    {
        if (_elements is null or > 0)
            throw new InvalidDataException("the array around the records has no end");
    }

    /// <summary>Whether an array of maps begins: its elements are the records. Another array is a record itself.</summary>
    bool BeginsRecords(ref DocumentBytes input)
    {
        var (major, info) = Head(ref input);
        for (; major == Tag; (major, info) = Head(ref input))
            Number(info, ref input);
        if (major != Array)
            return false;
        ulong? count = info == 31 ? null : Number(info, ref input);
        if (count == 0 || input.Peek() >> 5 != Map)
            return false;
        _elements = count;
        return true;
    }

    static (int Major, int Info) Head(ref DocumentBytes input)
    {
        var head = input.Byte();
        return (head >> 5, head & 0x1F);
    }

    static ulong Number(int info, ref DocumentBytes input) => info switch
    {
        < 24 => (ulong)info,
        24 => input.Byte(),
        25 => BinaryPrimitives.ReadUInt16BigEndian(input.Take(2)),
        26 => BinaryPrimitives.ReadUInt32BigEndian(input.Take(4)),
        27 => BinaryPrimitives.ReadUInt64BigEndian(input.Take(8)),
        _ => throw new InvalidDataException($"a head has the additional information {info}, which is not well-formed"),
    };

    void Item(ref DocumentBytes input, Utf8Buffer to)
    {
        var (major, info) = Head(ref input);
        switch (major)
        {
            case 0:
                JsonValue.Whole(Number(info, ref input), to);
                break;
            case 1:
                JsonValue.Whole(-1 - (BigInteger)Number(info, ref input), to);
                break;
            case 2:
                using (var bytes = new Utf8Buffer())
                    JsonValue.Base64(String(major, info, ref input, bytes), to);
                break;
            case Text:
                using (var text = new Utf8Buffer())
                    JsonValue.Text(String(major, info, ref input, text), to);
                break;
            case Array or Map:
                Items(major == Map, info, ref input, to);
                break;
            case Tag:
                input.Enter();
                Tagged(Number(info, ref input), ref input, to);
                input.Leave();
                break;
            default:
                Simple(info, ref input, to);
                break;
        }
    }

    /// <summary>The bytes of a string, whole or in pieces that are strings of the same kind.</summary>
    static ReadOnlySpan<byte> String(int major, int info, ref DocumentBytes input, Utf8Buffer pieces)
    {
        if (info != 31)
            return input.Take(Length(Number(info, ref input)));
        while (input.Peek() != Break)
        {
            var (piece, pieceInfo) = Head(ref input);
            if (piece != major || pieceInfo == 31)
                throw new InvalidDataException("a piece of a string is of another kind");
            pieces.Write(input.Take(Length(Number(pieceInfo, ref input))));
        }

        input.Byte();
        return pieces.Memory.Span;
    }

    static long Length(ulong length) => length <= long.MaxValue ? (long)length : throw new InvalidDataException($"a length is {length}");

    void Items(bool isMap, int info, ref DocumentBytes input, Utf8Buffer to)
    {
        ulong? count = info == 31 ? null : Number(info, ref input);
        input.Enter();
        to.Write(isMap ? (byte)'{' : (byte)'[');
        for (ulong i = 0; count is { } known ? i < known : input.Peek() != Break; i++)
        {
            if (i > 0)
                to.Write((byte)',');
            if (isMap)
            {
                Key(ref input, to);
                to.Write((byte)':');
            }

            Item(ref input, to);
        }

        if (count is null)
            input.Byte();
        to.Write(isMap ? (byte)'}' : (byte)']');
        input.Leave();
    }

    void Key(ref DocumentBytes input, Utf8Buffer to)
    {
        using var key = new Utf8Buffer();
        Item(ref input, key);
        JsonValue.Key(key.Memory.Span, to);
    }

    static void Simple(int info, ref DocumentBytes input, Utf8Buffer to)
    {
        switch (info)
        {
            case 20 or 21:
                JsonValue.Boolean(info == 21, to);
                break;
            case 22 or 23:
                JsonValue.Null(to);
                break;
            case 24 when input.Byte() is >= 32 and var value:
                JsonValue.Text($"simple({value})", to);
                break;
            case 25:
                JsonValue.Floating(BinaryPrimitives.ReadHalfBigEndian(input.Take(2)), to);
                break;
            case 26:
                JsonValue.Floating(BinaryPrimitives.ReadSingleBigEndian(input.Take(4)), to);
                break;
            case 27:
                JsonValue.Floating(BinaryPrimitives.ReadDoubleBigEndian(input.Take(8)), to);
                break;
            case < 20:
                JsonValue.Text($"simple({info})", to);
                break;
            default:
                throw new InvalidDataException(info == 31 ? "a break stands where a value must" : $"there is the simple value {info}, which is not well-formed");
        }
    }

    void Tagged(ulong tag, ref DocumentBytes input, Utf8Buffer to)
    {
        var next = input.Peek();
        switch (tag)
        {
            case 0 or 32 or 33 or 34 or 35 or 36 or 1004 or 258 or 259 or SelfDescribed:
                // Texts say what they are, and sets and maps are written as they stand.
                Item(ref input, to);
                break;
            case 1:
                Epoch(ref input, to);
                break;
            case 2 or 3 when next >> 5 == 2:
                JsonValue.Whole(BigNumber(tag == 3, ref input), to);
                break;
            case 4 or 5 when next == 0x82:
                Fraction(isDecimal: tag == 4, ref input, to);
                break;
            case 21 or 22 or 23 when next >> 5 == 2:
                Expected(tag, ref input, to);
                break;
            case 37 when next == 0x50:
                input.Byte();
                JsonValue.Uuid(input.Take(16), to);
                break;
            case 100 when next >> 5 <= 1:
                Day(ref input, to);
                break;
            default:
                _tagsHere.Add(tag);
                Item(ref input, to);
                break;
        }
    }

    /// <summary>Bytes for which another text form is expected (section 3.4.5.2).</summary>
    static void Expected(ulong tag, ref DocumentBytes input, Utf8Buffer to)
    {
        using var pieces = new Utf8Buffer();
        var (major, info) = Head(ref input);
        var bytes = String(major, info, ref input, pieces);
        if (tag == 22)
            JsonValue.Base64(bytes, to);
        else
            JsonValue.Text(tag == 21 ? System.Buffers.Text.Base64Url.EncodeToString(bytes) : System.Convert.ToHexString(bytes), to);
    }

    static BigInteger Whole(ref DocumentBytes input)
    {
        var (major, info) = Head(ref input);
        switch (major)
        {
            case 0:
                return Number(info, ref input);
            case 1:
                return -1 - (BigInteger)Number(info, ref input);
            case Tag when Number(info, ref input) is var tag && tag is 2 or 3 && input.Peek() >> 5 == 2:
                return BigNumber(tag == 3, ref input);
            default:
                throw new InvalidDataException("a tagged value is no whole number");
        }
    }

    static BigInteger BigNumber(bool isNegative, ref DocumentBytes input)
    {
        using var pieces = new Utf8Buffer();
        var (major, info) = Head(ref input);
        var bytes = String(major, info, ref input, pieces);
        if (bytes.Length > JsonValue.MaxNumberBytes)
            throw new InvalidDataException($"a number has {bytes.Length} bytes; at most {JsonValue.MaxNumberBytes} are read");
        var value = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return isNegative ? -1 - value : value;
    }

    /// <summary>A number with an exponent of 10 or of 2 (section 3.4.4), exactly.</summary>
    static void Fraction(bool isDecimal, ref DocumentBytes input, Utf8Buffer to)
    {
        input.Byte();
        var exponent = Whole(ref input);
        var mantissa = Whole(ref input);
        if (BigInteger.Abs(exponent) > (isDecimal ? int.MaxValue : JsonValue.MaxNumberBytes))
            throw new InvalidDataException($"a number has the exponent {exponent}");
        var power = (int)exponent;
        if (isDecimal)
            JsonValue.Decimal(mantissa, power, to);
        else if (power >= 0)
            JsonValue.Whole(mantissa << power, to);
        else
            JsonValue.Decimal(mantissa * BigInteger.Pow(5, -power), power, to);
    }

    /// <summary>Seconds since 1970 as a moment (section 3.4.2); of a binary fraction as many digits as are exact to a nanosecond.</summary>
    static void Epoch(ref DocumentBytes input, Utf8Buffer to)
    {
        var head = input.Peek();
        if (head >> 5 <= 1)
        {
            var seconds = Whole(ref input);
            JsonValue.Moment(seconds >= long.MinValue && seconds <= long.MaxValue ? (long)seconds : throw new InvalidDataException($"a time is {seconds} seconds since 1970"), 0, to);
            return;
        }

        if (head is not (0xF9 or 0xFA or 0xFB))
            throw new InvalidDataException("a time is no number");
        input.Byte();
        var value = head switch
        {
            0xF9 => (double)BinaryPrimitives.ReadHalfBigEndian(input.Take(2)),
            0xFA => BinaryPrimitives.ReadSingleBigEndian(input.Take(4)),
            _ => BinaryPrimitives.ReadDoubleBigEndian(input.Take(8)),
        };
        if (!double.IsFinite(value) || Math.Abs(value) > 1e15)
        {
            JsonValue.Floating(value, to);
            return;
        }

        // Microseconds: beyond them a double of today's seconds has no digits.
        var micros = (long)Math.Round((value - Math.Floor(value)) * 1_000_000);
        JsonValue.Moment((long)Math.Floor(value) + (micros / 1_000_000), (int)(micros % 1_000_000) * 1000, to);
    }

    /// <summary>Days since 1970 (RFC 8943).</summary>
    static void Day(ref DocumentBytes input, Utf8Buffer to)
    {
        var days = Whole(ref input);
        if (BigInteger.Abs(days) > 3_000_000 || (int)days + 719_162 is < 0 or > 3_652_058)
            throw new InvalidDataException($"a day is {days} days from 1970");
        JsonValue.Text(DateOnly.FromDayNumber((int)days + 719_162).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), to);
    }
}
