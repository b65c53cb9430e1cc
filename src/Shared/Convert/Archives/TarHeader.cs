using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Archives;

/// <summary>One header block of a tar archive (POSIX.1-1988 ustar, POSIX.1-2001 pax, GNU and the seventh edition of Unix).</summary>
/// <param name="Name">Its name, with the prefix of ustar.</param>
/// <param name="Kind">What it heads: <c>0</c> a file, <c>5</c> a folder, <c>x</c> properties of the next member...</param>
/// <param name="Size">Bytes that follow, before they are filled up to a whole block.</param>
internal readonly record struct TarHeader(string Name, char Kind, long Size)
{
    /// <summary>Bytes of a block.</summary>
    public const int Block = 512;

    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether a block is a header: its checksum is right.</summary>
    public static bool IsStart(ReadOnlySpan<byte> block)
    {
        if (block.Length < Block || block[0] == 0 || !TryOctal(block.Slice(148, 8), out var checksum))
            return false;
        var (unsigned, signed) = (0L, 0L);
        for (var i = 0; i < Block; i++)
        {
            var value = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value; // as some old systems did
        }

        return checksum == unsigned || checksum == signed;
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="CompressionDamage">It is none.</exception>
    public static TarHeader Read(ReadOnlySpan<byte> block, long at)
    {
        if (!IsStart(block))
            throw new CompressionDamage($"the header at byte {at} is damaged");
        if (!TrySize(block.Slice(124, 12), out var size))
            throw new CompressionDamage($"the size in the header at byte {at} is no number");
        var name = Text(block[..100]);
        // GNU writes 'ustar ' and uses the place of the prefix for other things.
        if (block.Slice(257, 6).SequenceEqual("ustar\0"u8) && Text(block.Slice(345, 155)) is { Length: > 0 } prefix)
            name = $"{prefix}/{name}";
        var kind = block[156] == 0 ? '0' : (char)block[156];
        return new(name, kind == '0' && name.EndsWith('/') ? '5' : kind, size);
    }

    /// <summary>A text up to its first zero; UTF-8, or Latin-1 where it is not that.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        var text = end < 0 ? bytes : bytes[..end];
        try
        {
            return Utf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(text);
        }
    }

    // Octal digits, or a big-endian number behind 0x80.
    static bool TrySize(ReadOnlySpan<byte> field, out long size)
    {
        if (field[0] != 0x80)
            return TryOctal(field, out size);
        size = BinaryPrimitives.ReadInt64BigEndian(field[4..]);
        return size >= 0 && field[1..4].IndexOfAnyExcept((byte)0) < 0;
    }

    static bool TryOctal(ReadOnlySpan<byte> field, out long number)
    {
        number = 0;
        var digits = field.Trim(" \0"u8);
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return false;
            number = (number << 3) + (digit - '0');
        }

        return digits.Length is > 0 and <= 12;
    }

    /// <summary>The records of pax: <c>length key=value\n</c>.</summary>
    /// <exception cref="CompressionDamage">They are damaged.</exception>
    public static Dictionary<string, string> Properties(ReadOnlySpan<byte> bytes, long at)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            var space = bytes.IndexOf((byte)' ');
            if (space is < 1 or > 9 || !int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > bytes.Length || bytes[length - 1] != '\n' || bytes[(space + 1)..length].IndexOf((byte)'=') is not (> 0 and var equals))
                throw new CompressionDamage($"the extended header at byte {at} is damaged");
            var record = bytes[(space + 1)..(length - 1)];
            properties[Text(record[..equals])] = Text(record[(equals + 1)..]);
            bytes = bytes[length..];
        }

        return properties;
    }
}
