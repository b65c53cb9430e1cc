namespace DataIngestion.Conversion;

/// <summary>What some bytes are.</summary>
/// <param name="Format">A name of docs/formats/recognition.md, <c>text</c> for prose, or <c>unknown</c> rather than a guess.</param>
/// <param name="Version">The format's version or sub-schema where the bytes say it: <c>FIX.4.4</c>, <c>MT940</c>, <c>camt.053.001.02</c>.</param>
/// <param name="Container">What holds the content without compressing it as a whole: the archive around it, <c>zip</c>, <c>tar</c> or <c>7z</c>; <c>zip</c> or <c>cfb</c> of an Office document; or null.</param>
/// <param name="Compression"><c>gzip zstd zip bzip2 xz lz4 snappy zlib</c> or null; several layers as <c>zip+gzip</c>, outermost first.</param>
/// <param name="Encoding">IANA name of a text format's encoding.</param>
/// <param name="Dialect">How a delimited file is written.</param>
/// <param name="Confidence">0–1.</param>
/// <param name="Evidence">What the finding rests on, in sentences.</param>
public sealed record FormatFinding(
    string Format, string? Version, string? Container, string? Compression, string? Encoding, CsvDialect? Dialect, double Confidence, IReadOnlyList<string> Evidence)
{
    /// <summary>The member of an archive that this is about.</summary>
    public string? Entry { get; init; }
}

/// <summary>Recognises formats.</summary>
public interface IFormatRecognizer
{
    /// <summary>Says what the bytes at the start of a file are. Never throws on content.</summary>
    /// <param name="head">The first bytes; 256 KiB are plenty.</param>
    /// <param name="name">The file's name, which only ever strengthens what the bytes say.</param>
    FormatFinding Recognize(ReadOnlySpan<byte> head, string? name);

    /// <summary>Says what a content is. Never throws on content.</summary>
    /// <param name="sample">Its start, and its other bytes where it can be seeked.</param>
    FormatFinding Recognize(ContentSample sample);
}
