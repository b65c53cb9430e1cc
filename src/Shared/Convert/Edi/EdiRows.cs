using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Edi;

/// <summary>
/// Makes rows of segments. An element is <c>e01</c>, <c>e02</c>...; further components of a composite are <c>e02_2</c>, <c>e02_3</c>, repetitions <c>e02_r2</c>. Not thread-safe.
/// </summary>
/// <param name="table">The table that is read.</param>
internal sealed class EdiRows(EdiStandard standard, string table, IRowConsumer consumer)
{
    public const string Segments = "segments";
    public const string Messages = "messages";
    readonly NamedRow _row = new(consumer);
    readonly EdiSegment _segment = new();
    readonly Dictionary<(int Element, int Component, int Repetition), int> _columns = [];
    readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
    long _rows;
    long _positions;
    string? _interchangeSender;

    public EdiEnvelope Envelope { get; } = new(standard);

    /// <summary>Segments that were no UTF-8.</summary>
    public long Decoded { get; private set; }

    /// <summary>Rows of the table, and rejected ones.</summary>
    public long Count => _rows;

    /// <summary>Takes one segment.</summary>
    public void Take(ReadOnlySpan<byte> text, EdiSyntax syntax, long offset, long line)
    {
        var place = new RowPlace(_rows + 1, offset, line);
        if (!Utf8.IsValid(text))
        {
            Decoded++;
            text = Encoding.UTF8.GetBytes(Encoding.Latin1.GetString(text));
        }

        _segment.Read(text, syntax);
        var id = Id(_segment.Of(_segment.Parts[0]));
        if (id is null)
        {
            Reject(place, "segment", $"a segment that begins with its name of {(standard == EdiStandard.X12 ? "two or" : "")} three letters and digits".Replace("of  ", "of ", StringComparison.Ordinal), text);
            return;
        }

        Envelope.Enter(id, _segment, place);
        if (id == standard.Interchange)
            _interchangeSender = _segment.Text(standard == EdiStandard.X12 ? 6 : 2).Trim();
        _positions++;
        if (table == Segments || table == id)
            SegmentRow(id, place with { Row = ++_rows }, text);
        var type = Envelope.MessageType;
        var (number, segments, message, start) = (Envelope.Message, Envelope.Segments, Envelope.MessageNumber, Envelope.MessagePlace);
        if (Envelope.Leave(id, _segment, place) is { } agrees && table == Messages)
            MessageRow(number, type, segments, message, agrees, start with { Row = ++_rows }, text);
    }

    public void Reject(in RowPlace place, string rule, string expected, ReadOnlySpan<byte> raw)
    {
        // A piece that is no segment belongs to no other table.
        if (table == Segments)
            consumer.Reject(place with { Row = ++_rows }, null, rule, expected, raw);
        else
            Passed++;
    }

    /// <summary>Pieces that are no segments, where another table is read.</summary>
    public long Passed { get; private set; }

    string? Id(ReadOnlySpan<byte> text)
    {
        if (text.Length is < 2 or > 3 || (text.Length == 2 && standard != EdiStandard.X12))
            return null;
        Span<char> characters = stackalloc char[3];
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterUpper((char)text[i]) && !(i > 0 && char.IsAsciiDigit((char)text[i])))
                return null;
            characters[i] = (char)text[i];
        }

        var lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (lookup.TryGetValue(characters[..text.Length], out var known))
            return known;
        var id = characters[..text.Length].ToString();
        _ids.Add(id, id);
        return id;
    }

    void SegmentRow(string id, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _row.Set("interchange", Envelope.Interchange);
        _row.Set("group", Envelope.Group);
        _row.Set("message", Envelope.Message);
        _row.Set("message_type", Envelope.Message is null ? null : Envelope.MessageType);
        if (Envelope.Message is not null)
            _row.Set("message_position", Envelope.Segments);
        else
            _row.Set("message_position", null);
        _row.Set("position", _positions);
        _row.Set("segment", id);
        foreach (var part in _segment.Parts)
        {
            if (part.Element > 0 && part.Length > 0)
                _row.Set(Column(part), _segment.Of(part), CellKind.Quoted);
        }

        _row.Emit(place, raw);
    }

    int Column(EdiPart part)
    {
        var key = (part.Element, part.Component, part.Repetition);
        if (_columns.TryGetValue(key, out var column))
            return column;
        var name = "e" + part.Element.ToString("00", CultureInfo.InvariantCulture) + (part.Repetition > 1 ? $"_r{part.Repetition}" : "") + (part.Component > 1 ? $"_{part.Component}" : "");
        column = consumer.Names.Add(name);
        _columns.Add(key, column);
        return column;
    }

    void MessageRow(string? number, string? type, long segments, long message, bool agrees, in RowPlace place, ReadOnlySpan<byte> raw)
    {
        _row.Set("interchange", Envelope.Interchange);
        _row.Set("sender", _interchangeSender);
        _row.Set("group", Envelope.Group);
        _row.Set("message", number);
        _row.Set("message_type", type);
        _row.Set("number", message);
        _row.Set("segments", segments);
        _row.Set("agrees", agrees ? "true" : "false", CellKind.Boolean);
        _row.Emit(place, raw);
    }
}
