namespace DataIngestion.Conversion.Swift;

/// <summary>A field of a text block: <c>:61:...</c>, its lines joined by line feeds.</summary>
/// <param name="Tag">Number and option, <c>50K</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Offset">Bytes before it.</param>
internal sealed record SwiftField(string Tag, string Value, long Line, long Offset);

/// <summary>A block whose content is not a text: <c>{1:...}</c>.</summary>
internal sealed record SwiftBlock(string Id, string Content, long Line, long Offset);

/// <summary>A message: its blocks, and the fields of its text.</summary>
internal sealed class SwiftMessage
{
    public List<SwiftBlock> Blocks { get; } = [];

    public List<SwiftField> Fields { get; } = [];

    public long Line { get; init; }

    public long Offset { get; init; }

    /// <summary>Whether it has blocks; a statement as banks hand it out has not.</summary>
    public bool HasBlocks { get; init; }

    /// <summary>What stood before a text without blocks.</summary>
    public string? Head { get; set; }

    /// <summary>The message as it was written.</summary>
    public System.Text.StringBuilder Raw { get; } = new();

    public string? Block(string id) => Blocks.Find(b => b.Id == id)?.Content;

    public string? Field(string tag) => Fields.Find(f => f.Tag == tag)?.Value;

    public string? AnyField(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
        {
            if (Field(tag) is { } value)
                return value;
        }

        return null;
    }

    /// <summary>The service of the basic header: 01 a message of FIN, 21 its acknowledgement; null without a header.</summary>
    public string? Service => Block("1") is { Length: >= 3 } header ? header[1..3] : null;

    /// <summary>The type by the application header, otherwise by the fields that only statements have; null where neither tells.</summary>
    public string? Type
    {
        get
        {
            if (Block("2") is { Length: >= 4 } header && header[1..4].All(char.IsAsciiDigit))
                return header[1..4];
            if (HeadType is { } said)
                return said;
            if (Fields.Exists(f => f.Tag is "34F" or "90D" or "90C" or "13D"))
                return "942";
            return Fields.Exists(f => f.Tag is "60F" or "60M" or "62F" or "62M" or "61" or "25" or "28C" or "28" or "64" or "65" or "86" or "NS") ? "940" : null;
        }
    }

    /// <summary>A type that a bank writes on a line before the text.</summary>
    string? HeadType => Head?.Split(' ', '\n', ':').FirstOrDefault(w => w is "940" or "941" or "942" or "950");

    public bool IsStatement => Type is "940" or "941" or "942" or "950";

    /// <summary>Whether it came in (<c>I</c> is one that was sent to the network, <c>O</c> one that it delivered); null without an application header.</summary>
    public string? Direction => Block("2") is { Length: > 0 } header ? header[..1] : null;

    /// <summary>The logical terminal of the basic header.</summary>
    public string? Terminal => Block("1") is { Length: >= 15 } header ? header[3..15] : null;

    /// <summary>The other side: whom a message goes to, or from whom it comes.</summary>
    public string? Counterparty => Block("2") switch
    {
        { Length: >= 16 } input when input[0] == 'I' => input[4..16],
        { Length: >= 26 } output when output[0] == 'O' => output[14..26],
        _ => null,
    };
}
