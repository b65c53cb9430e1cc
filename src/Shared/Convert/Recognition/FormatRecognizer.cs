using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Probes;
using DataIngestion.Conversion.Texts;

namespace DataIngestion.Conversion;

/// <summary>
/// Recognises formats by their bytes: layers of compression are taken off, then binary formats are told by mark and structure, then texts. Says
/// <c>unknown</c> rather than guess.
/// </summary>
public sealed class FormatRecognizer : IFormatRecognizer
{
    /// <summary>How many bytes of the start of a file are looked at.</summary>
    public const int HeadBytes = 256 << 10;

    const int MostLayers = 8;

    static readonly ConversionLimits Limits = new();

    /// <summary>Cheap and certain ones first; each looks at one byte before it looks at more.</summary>
    static readonly Probe[] Probes =
    [
        ColumnarProbe.Find, CompoundProbe.Find, DocumentProbe.Find, ImageProbe.Find, DataFileProbe.Find, ArchiveProbe.Find, ProgramProbe.Find, MediaProbe.Find, SignatureProbe.Find,
    ];

    /// <inheritdoc/>
    public FormatFinding Recognize(ReadOnlySpan<byte> head, string? name) => Recognize(new ContentSample(head.ToArray(), head.Length < HeadBytes, name));

    /// <inheritdoc/>
    public FormatFinding Recognize(ContentSample sample)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Recognize(sample, 0);
    }

    static FormatFinding Recognize(ContentSample sample, int layers)
    {
        var head = sample.Head;
        if (head.IsEmpty)
            return Unknown("the content is empty");
        if (Compressions.Of(head) is { } compression)
            return compression == Compressions.Zip ? ZipProbe.Document(sample, Limits)?.ToFinding() ?? ZipProbe.Archive() : Inside(sample, compression, layers + 1);
        foreach (var probe in Probes)
        {
            if (probe(sample) is { } match)
                return match.ToFinding();
        }

        var (encoding, text, evidence) = TextEncodings.Find(head);
        // Short values in a binary encoding hold little but letters; what gives them away is that they are no UTF-8.
        if (text is not null && encoding != "utf-8" && !TextEncodings.IsCertain(encoding) && EncodedProbe.Find(sample) is { } encoded)
            return encoded.ToFinding();
        if (text is not null && !IsBinary(text))
            return TextRecognizer.Find(text, sample.IsWhole, sample.Extension, encoding, evidence);
        return AfterZeros(sample) ?? EncodedProbe.Find(sample)?.ToFinding() ?? (text is null ? null : TextOf(sample, encoding, text, evidence)) ?? EncodedProbe.FindWeak(sample)?.ToFinding() ?? Unknown(evidence);
    }

    static FormatFinding Unknown(params string[] evidence) => new("unknown", null, null, null, null, null, 0, evidence);

    static FormatFinding Inside(ContentSample sample, string compression, int layers)
    {
        // Content may hold itself for ever.
        if (layers > MostLayers)
            return new(compression, null, null, compression, null, null, 1, [$"starts with the mark of {compression}, and is compressed more often than is looked at"]);
        var inner = Compressions.Head(sample.Head, compression, HeadBytes);
        var finding = Recognize(new ContentSample(inner, sample.IsWhole && inner.Length < HeadBytes, Compressions.NameInside(sample.Name)), layers);
        // What nobody knows inside is still a file of that compression.
        var isOpaque = finding.Format is "unknown" or "text";
        return finding with
        {
            Format = isOpaque ? compression : finding.Format,
            Confidence = isOpaque ? 1 : finding.Confidence,
            Compression = finding.Compression is null ? compression : compression + Compressions.Separator + finding.Compression,
            Evidence = [$"starts with the mark of {compression}", .. finding.Evidence],
        };
    }

    /// <summary>The head as UTF-8 text.</summary>
    internal static byte[] Open(ReadOnlySpan<byte> head, FormatFinding finding)
    {
        var plain = head.ToArray();
        foreach (var compression in finding.Compression?.Split(Compressions.Separator) ?? [])
            plain = Compressions.Head(plain, compression, HeadBytes);
        return TextEncodings.Find(plain).Text ?? plain;
    }

    /// <summary>Whether there are control characters that texts do not have.</summary>
    static bool IsBinary(ReadOnlySpan<byte> text)
    {
        var near = text[..Math.Min(text.Length, 4096)];
        var controls = 0;
        foreach (var b in near)
            controls += b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1A or 0x1B or 1 or 0x1C or 0x1D or 0x1E or 0x1F or 8 or 0x0B or 2 or 3) ? 1 : 0;
        return controls > near.Length / 100;
    }

    /// <summary>A text behind a block of zeros, which a broken copy leaves.</summary>
    static FormatFinding? AfterZeros(ContentSample sample)
    {
        var rest = sample.Head.TrimStart((byte)0);
        if (sample.Head.Length - rest.Length < 16 || rest.Length < 16 || rest.Contains((byte)0))
            return null;
        var (encoding, text, evidence) = TextEncodings.Find(rest);
        return text is not null && TextRecognizer.Find(text, sample.IsWhole, sample.Extension, encoding, evidence) is { Confidence: >= 0.9 } finding
            ? finding with { Confidence = 0.85, Evidence = ["starts with a block of zeros, behind which there is text", .. finding.Evidence] }
            : null;
    }

    /// <summary>Text with many control characters is still a text of a format that is certain.</summary>
    static FormatFinding? TextOf(ContentSample sample, string encoding, byte[] text, string evidence) =>
        TextRecognizer.Find(text, sample.IsWhole, sample.Extension, encoding, evidence) is { Confidence: >= 0.9 } finding ? finding : null;
}
