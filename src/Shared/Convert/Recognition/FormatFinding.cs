namespace DataIngestion.Conversion;

/// <summary>What some bytes are.</summary>
/// <param name="Format"><c>csv tsv json ndjson xml parquet avro arrow orc</c> or <c>unknown</c> rather than a guess.</param>
/// <param name="Version">The format's version where the bytes say it.</param>
/// <param name="Container">The archive around it, <c>zip</c>, <c>tar</c> or <c>7z</c>, or null.</param>
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
}
