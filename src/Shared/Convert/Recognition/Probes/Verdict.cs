using System.Buffers.Binary;

namespace DataIngestion.Conversion.Probes;

/// <summary>What a probe found.</summary>
/// <param name="Format">Its name in findings.</param>
/// <param name="Confidence">1 where the structure was walked, less where only a mark was seen.</param>
/// <param name="Evidence">A sentence about "it".</param>
/// <param name="Version">The version or sub-schema.</param>
/// <param name="Container">What it is packed in.</param>
internal sealed record Verdict(string Format, double Confidence, string Evidence, string? Version = null, string? Container = null)
{
    /// <summary>Where only a mark of a few bytes was seen, which other bytes may begin with by chance.</summary>
    public const double MarkOnly = 0.9;

    public FormatFinding ToFinding() => new(Format, Version, Container, null, null, null, Confidence, [Evidence]);
}

/// <summary>Looks for the formats of one family.</summary>
internal delegate Verdict? Probe(ContentSample sample);

/// <summary>Numbers in bytes; −1 where the bytes end before them.</summary>
internal static class Field
{
    public static int U8(ReadOnlySpan<byte> bytes, int at) => at >= 0 && at < bytes.Length ? bytes[at] : -1;

    public static int U16(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 2) ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]) : -1;

    public static int U16Big(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 2) ? BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]) : -1;

    public static long U32(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 4) ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) : -1;

    public static long U32Big(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 4) ? BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]) : -1;

    public static long I64(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 8) ? BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) : -1;

    public static long I64Big(ReadOnlySpan<byte> bytes, int at) => Has(bytes, at, 8) ? BinaryPrimitives.ReadInt64BigEndian(bytes[at..]) : -1;

    /// <summary>Whether these bytes stand at a place.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes, int at, ReadOnlySpan<byte> mark) => at >= 0 && at <= bytes.Length && bytes[at..].StartsWith(mark);

    /// <summary>ASCII between two places, for versions; what cannot be printed becomes '?'.</summary>
    public static string Text(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
            to[i] = from[i] is >= 0x20 and < 0x7F ? (char)from[i] : '?';
    });

    static bool Has(ReadOnlySpan<byte> bytes, int at, int size) => at >= 0 && at <= bytes.Length - size;
}
