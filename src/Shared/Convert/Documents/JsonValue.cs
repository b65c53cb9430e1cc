using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using DataIngestion.Conversion.Writing;

namespace DataIngestion.Conversion.Documents;

/// <summary>Writes values as JSON: numbers with every digit they have, what JSON has no form for as text.</summary>
internal static class JsonValue
{
    /// <summary>Longer numbers are not text that anyone reads, and take long to write.</summary>
    public const int MaxNumberBytes = 1_024;

    /// <summary>Zeros that are written out rather than as an exponent: what a decimal column holds.</summary>
    const int MostZeros = 38;

    public static void Null(Utf8Buffer to) => to.Write("null"u8);

    public static void Boolean(bool value, Utf8Buffer to) => to.Write(value ? "true"u8 : "false"u8);

    /// <summary>Text as it is: a record that is not UTF-8 is rejected by the reader of JSON, and the others are kept.</summary>
    public static void Text(ReadOnlySpan<byte> utf8, Utf8Buffer to) => JsonText.Write(utf8, to);

    public static void Text(string text, Utf8Buffer to) => JsonText.Write(Encoding.UTF8.GetBytes(text), to);

    public static void Whole(long value, Utf8Buffer to)
    {
        Utf8Formatter.TryFormat(value, to.Room(20), out var length);
        to.Advance(length);
    }

    public static void Whole(ulong value, Utf8Buffer to)
    {
        Utf8Formatter.TryFormat(value, to.Room(20), out var length);
        to.Advance(length);
    }

    public static void Whole(BigInteger value, Utf8Buffer to) => Ascii(value.ToString(CultureInfo.InvariantCulture), to);

    /// <summary>The shortest digits that read back as the same number, with a point so that they say it is no integer; <c>NaN</c> and infinities as text.</summary>
    public static void Floating(double value, Utf8Buffer to) => Floating(value.ToString("R", CultureInfo.InvariantCulture), double.IsFinite(value), to);

    /// <inheritdoc cref="Floating(double, Utf8Buffer)"/>
    public static void Floating(float value, Utf8Buffer to) => Floating(value.ToString("R", CultureInfo.InvariantCulture), float.IsFinite(value), to);

    /// <inheritdoc cref="Floating(double, Utf8Buffer)"/>
    public static void Floating(Half value, Utf8Buffer to) => Floating(value.ToString("R", CultureInfo.InvariantCulture), Half.IsFinite(value), to);

    static void Floating(string digits, bool isFinite, Utf8Buffer to)
    {
        if (!isFinite)
            Text(digits, to);
        else
            Ascii(digits.AsSpan().ContainsAny('.', 'E') ? digits : digits + ".0", to);
    }

    /// <summary>An exact decimal, <paramref name="unscaled"/> × 10^<paramref name="exponent"/>.</summary>
    public static void Decimal(BigInteger unscaled, long exponent, Utf8Buffer to)
    {
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture);
        if (unscaled.Sign < 0)
            to.Write((byte)'-');
        Decimal(digits, exponent, to);
    }

    /// <param name="digits">Without a sign.</param>
    public static void Decimal(string digits, long exponent, Utf8Buffer to)
    {
        if (exponent > 0 && digits == "0")
            Ascii(digits, to);
        else if (exponent is >= 0 and <= MostZeros)
            Ascii(digits + new string('0', (int)exponent), to);
        else if (exponent > 0 || exponent + digits.Length < -MostZeros)
            Ascii($"{digits}E{exponent}", to);
        else if (-exponent >= digits.Length)
            Ascii($"0.{new string('0', (int)-exponent - digits.Length)}{digits}", to);
        else
            Ascii($"{digits.AsSpan(0, digits.Length + (int)exponent)}.{digits.AsSpan(digits.Length + (int)exponent)}", to);
    }

    /// <summary>Bytes as base64 (RFC 4648, section 4).</summary>
    public static void Base64(ReadOnlySpan<byte> value, Utf8Buffer to)
    {
        to.Write((byte)'"');
        System.Buffers.Text.Base64.EncodeToUtf8(value, to.Room(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(value.Length)), out _, out var length);
        to.Advance(length);
        to.Write((byte)'"');
    }

    /// <summary>A moment in UTC in ISO 8601; outside the years 1–9999 as seconds since 1970.</summary>
    /// <param name="nanoseconds">0–999,999,999.</param>
    public static void Moment(long seconds, int nanoseconds, Utf8Buffer to)
    {
        var fraction = nanoseconds == 0 ? "" : $".{nanoseconds:000000000}".TrimEnd('0');
        Text(
            seconds is >= -62_135_596_800 and <= 253_402_300_799
                ? DateTime.UnixEpoch.AddTicks(seconds * TimeSpan.TicksPerSecond).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture) + fraction + "Z"
                : $"{seconds}{fraction} s since 1970-01-01",
            to);
    }

    /// <summary>A moment by its milliseconds since 1970.</summary>
    public static void Moment(long milliseconds, Utf8Buffer to)
    {
        var (seconds, rest) = Math.DivRem(milliseconds, 1000);
        Moment(rest < 0 ? seconds - 1 : seconds, (int)(rest < 0 ? rest + 1000 : rest) * 1_000_000, to);
    }

    public static void Uuid(ReadOnlySpan<byte> value, Utf8Buffer to) => Text(new Guid(value, bigEndian: true).ToString(), to);

    /// <summary>A value that was written as JSON becomes a key: text is one, other values are by their text.</summary>
    public static void Key(ReadOnlySpan<byte> json, Utf8Buffer to)
    {
        if (json.Length > 0 && json[0] == '"')
            to.Write(json);
        else
            JsonText.Write(json, to);
    }

    public static void Ascii(string text, Utf8Buffer to) => to.Advance(Encoding.ASCII.GetBytes(text, to.Room(text.Length)));
}
