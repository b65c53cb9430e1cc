using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Conversion.Edi;

/// <summary>What opens and closes the parts of an interchange.</summary>
internal sealed record EdiStandard(
    string Name, string Interchange, string InterchangeEnd, string Group, string GroupEnd, string Message, string MessageEnd,
    int InterchangeControl, int GroupControl, int MessageControl, int MessageType)
{
    /// <summary>ASC X12.5 and X12.6: control numbers in ISA13, GS06 and ST02, the transaction set in ST01.</summary>
    public static EdiStandard X12 { get; } = new("x12", "ISA", "IEA", "GS", "GE", "ST", "SE", 13, 6, 2, 1);

    /// <summary>ISO 9735: control references in UNB element 5, UNG element 5 and UNH element 1, the type in UNH element 2.</summary>
    public static EdiStandard Edifact { get; } = new("edifact", "UNB", "UNZ", "UNG", "UNE", "UNH", "UNT", 5, 5, 1, 2);
}

/// <summary>
/// Follows the envelopes of interchanges and counts what they hold: a message's segments with its own first and last, a group's messages, an interchange's groups
/// (messages, in EDIFACT without groups). What does not agree is told, not refused. Not thread-safe.
/// </summary>
internal sealed class EdiEnvelope(EdiStandard standard)
{
    const int MostNamed = 10;
    readonly List<string> _faults = [];
    long _faultCount;
    long _groups;
    long _messages;
    long _groupMessages;
    bool _inGroup;

    /// <summary>The interchange's control number; null outside one.</summary>
    public string? Interchange { get; private set; }

    public string? Group { get; private set; }

    /// <summary>The message's control number; null outside one.</summary>
    public string? Message { get; private set; }

    /// <summary>The message's type, <c>850</c> or <c>ORDERS</c>.</summary>
    public string? MessageType { get; private set; }

    /// <summary>Segments of the message so far.</summary>
    public long Segments { get; private set; }

    /// <summary>Messages so far, from 1.</summary>
    public long MessageNumber { get; private set; }

    /// <summary>Where the message begins.</summary>
    public Pipeline.RowPlace MessagePlace { get; private set; }

    public long Interchanges { get; private set; }

    /// <summary>What did not agree.</summary>
    public IEnumerable<string> Faults => _faultCount > _faults.Count ? [.. _faults, $"{_faultCount - _faults.Count} more counts and control numbers are wrong"] : _faults;

    /// <summary>Takes a segment before its row is made.</summary>
    public void Enter(string id, EdiSegment segment, in Pipeline.RowPlace place)
    {
        if (id == standard.Interchange)
        {
            if (Interchange is not null)
                Fault(place, $"{id} stands inside interchange {Interchange}");
            (Interchange, Group, Message, _inGroup, _groups, _messages, _groupMessages) = (segment.Text(standard.InterchangeControl).Trim(), null, null, false, 0, 0, 0);
            Interchanges++;
        }
        else if (id == standard.Group)
        {
            (Group, Message, _inGroup, _groupMessages) = (segment.Text(standard.GroupControl), null, true, 0);
            _groups++;
        }
        else if (id == standard.Message)
        {
            if (Message is not null)
                Fault(place, $"{id} stands inside message {Message}");
            (Message, MessageType, Segments, MessagePlace) = (segment.Text(standard.MessageControl), segment.Text(standard.MessageType), 0, place);
            MessageNumber++;
            _messages++;
            _groupMessages++;
        }

        if (Message is not null)
            Segments++;
    }

    /// <summary>Takes a segment after its row was made.</summary>
    /// <returns>Whether a message ends here, and whether its count and control number agree.</returns>
    public bool? Leave(string id, EdiSegment segment, in Pipeline.RowPlace place)
    {
        if (id == standard.MessageEnd)
        {
            if (Message is null)
                Fault(place, $"{id} ends no message");
            var isRight = Agrees(place, id, segment, Segments, "segments", Message);
            Message = null;
            return isRight;
        }

        if (id == standard.GroupEnd)
        {
            Unended(place, id);
            Agrees(place, id, segment, _groupMessages, "messages", Group);
            (Group, _inGroup) = (null, false);
        }
        else if (id == standard.InterchangeEnd)
        {
            Unended(place, id);
            if (_inGroup)
                Fault(place, $"group {Group} has no {standard.GroupEnd}");
            Agrees(place, id, segment, _groups > 0 || standard.Name == "x12" ? _groups : _messages, _groups > 0 || standard.Name == "x12" ? "groups" : "messages", Interchange);
            (Interchange, Group, _inGroup) = (null, null, false);
        }

        return null;
    }

    /// <summary>The content is read.</summary>
    public void Complete(in Pipeline.RowPlace place)
    {
        Unended(place, "the end of the content");
        if (Interchange is not null)
            Fault(place, $"interchange {Interchange} has no {standard.InterchangeEnd}");
    }

    void Unended(in Pipeline.RowPlace place, string id)
    {
        if (Message is not null)
            Fault(place, $"message {Message} has no {standard.MessageEnd} before {id}");
        Message = null;
    }

    bool Agrees(in Pipeline.RowPlace place, string id, EdiSegment segment, long count, string of, string? control)
    {
        var (said, number) = (segment.Text(1).Trim(), segment.Text(2).Trim());
        var isCount = long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var counted) && counted == count;
        if (!isCount)
            Fault(place, $"{id} says {(said.Length == 0 ? "no number of" : said)} {of}, there are {count}");
        if (control is not null && number != control)
            Fault(place, $"{id} has the control number '{number}', its beginning has '{control}'");
        return isCount && number == control;
    }

    void Fault(in Pipeline.RowPlace place, string what)
    {
        if (_faultCount++ < MostNamed)
            _faults.Add($"line {place.Line}, byte {place.ByteOffset}: {what}");
    }
}

/// <summary>A segment that is being read: its bytes and where its elements are.</summary>
internal sealed class EdiSegment
{
    EdiPart[] _parts = new EdiPart[64];

    public int Count { get; private set; }

    public byte[] Bytes { get; private set; } = new byte[256];

    public ReadOnlySpan<EdiPart> Parts => _parts.AsSpan(0, Count);

    /// <summary>Takes a segment apart.</summary>
    public void Read(ReadOnlySpan<byte> text, EdiSyntax syntax)
    {
        if (Bytes.Length < text.Length)
            Bytes = new byte[text.Length * 2];
        var (element, component, repetition, used) = (0, 1, 1, 0);
        Count = 0;
        for (var at = 0; ;)
        {
            var end = syntax.Next(text, at, out var hasRelease);
            var start = used;
            used += hasRelease ? Release(text[at..end], Bytes.AsSpan(used), syntax.Release!.Value) : Copy(text[at..end], Bytes.AsSpan(used));
            if (Count == _parts.Length)
                Array.Resize(ref _parts, Count * 2);
            _parts[Count++] = new(element, component, repetition, start, used - start);
            if (end >= text.Length)
                return;
            (element, component, repetition) = text[end] == syntax.Element ? (element + 1, 1, 1) : text[end] == syntax.Component ? (element, component + 1, repetition) : (element, 1, repetition + 1);
            at = end + 1;
        }
    }

    static int Copy(ReadOnlySpan<byte> text, Span<byte> to)
    {
        text.CopyTo(to);
        return text.Length;
    }

    static int Release(ReadOnlySpan<byte> text, Span<byte> to, byte release)
    {
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == release && i + 1 < text.Length)
                i++;
            to[length++] = text[i];
        }

        return length;
    }

    public ReadOnlySpan<byte> Of(EdiPart part) => Bytes.AsSpan(part.Start, part.Length);

    /// <summary>The first component of an element, as text; empty where there is none.</summary>
    public string Text(int element)
    {
        foreach (var part in Parts)
        {
            if (part.Element == element)
                return Encoding.UTF8.GetString(Of(part));
        }

        return "";
    }
}

/// <summary>A component of an element; elements count from 1, 0 is the segment's name.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EdiPart(int Element, int Component, int Repetition, int Start, int Length);
