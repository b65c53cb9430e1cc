using System.Text.Unicode;
using static DataIngestion.Conversion.Probes.Field;

namespace DataIngestion.Conversion.Probes;

/// <summary>Walks a BSON document (bsonspec.org 1.1).</summary>
internal static class BsonWalk
{
    const int MostDepth = 64;

    /// <param name="document">With its length.</param>
    /// <param name="isCut">Whether the bytes end before the document does.</param>
    /// <param name="fields">Counts fields.</param>
    public static bool Document(ReadOnlySpan<byte> document, bool isCut, int depth, ref int fields)
    {
        if (depth > MostDepth)
            return false;
        for (var at = 4; at < document.Length;)
        {
            var type = document[at++];
            if (type == 0)
                return isCut || at == document.Length;
            var end = document[at..].IndexOf((byte)0);
            if (end < 0)
                return isCut;
            if (!Utf8.IsValid(document.Slice(at, end)) || (depth == 0 && end == 0))
                return false;
            at += end + 1;
            var size = Size(document, type, at);
            if (size == Unknown)
                return false;
            if (size < 0 || size > document.Length - at)
                return isCut;
            if (type is 3 or 4 && !Document(document.Slice(at, (int)size), false, depth + 1, ref fields))
                return false;
            if (type == 2 && (size < 5 || document[at + (int)size - 1] != 0))
                return false;
            if (type == 8 && document[at] > 1)
                return false;
            at += (int)size;
            fields++;
        }

        return isCut;
    }

    const long Unknown = -2;

    /// <summary>Bytes of a value; −1 where they end before its length.</summary>
    static long Size(ReadOnlySpan<byte> document, byte type, int at) => type switch
    {
        0x01 or 0x09 or 0x11 or 0x12 => 8,
        0x02 or 0x0D or 0x0E => U32(document, at) is >= 0 and var length ? length + 4 : -1,
        0x03 or 0x04 or 0x0F => U32(document, at) is >= 5 and var length ? length : U32(document, at) < 0 ? -1 : Unknown,
        0x05 => U32(document, at) is >= 0 and var length ? length + 5 : -1,
        0x06 or 0x0A or 0x7F or 0xFF => 0,
        0x07 => 12,
        0x08 => 1,
        0x0B => document[at..].IndexOf((byte)0) is >= 0 and var first && document[(at + first + 1)..].IndexOf((byte)0) is >= 0 and var second ? first + second + 2 : -1,
        0x10 => 4,
        0x13 => 16,
        _ => Unknown,
    };
}
