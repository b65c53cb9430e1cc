using System.Buffers;
using System.Text;
using System.Xml;
using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Xml;

/// <summary>
/// Reads the elements of a record path as rows, streaming: attributes and child elements by name (<c>a.b</c> where nested), the element's own text as
/// <c>value</c>, a name that repeats as <c>name_2</c>. Attributes with a prefix are not data.
/// </summary>
internal sealed class XmlRowReader(XmlPath path, IReadOnlyList<string>? inherit, bool inheritAll, FormatFinding finding, ConversionLimits limits) : IRowReader
{
    const int RowsBetweenPumps = 1024;
    const int NamedOutside = 5;
    readonly List<XmlFrame> _open = [];
    readonly List<(string Name, string Value)> _around = [];
    readonly List<string> _outside = [];
    long _lost;
    readonly ArrayBufferWriter<byte> _text = new(1024);
    Cell[] _cells = [];
    int _used;
    long _rows;

    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        using var reader = XmlReaders.Open(content, finding);
        try
        {
            while (await reader.ReadAsync())
            {
                cancellationToken.ThrowIfCancellationRequested();
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        await ElementAsync(reader, consumer, cancellationToken);
                        break;
                    case XmlNodeType.EndElement:
                        _open.RemoveAt(_open.Count - 1);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA when _open.Count > 1 && inherit?.Contains(_open[^1].Name) == true:
                        _open[^2].Fields[_open[^1].Name] = reader.Value;
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        Outside(reader.Value);
                        break;
                    default:
                        break;
                }
            }
        }
        catch (XmlException wrong)
        {
            throw XmlReaders.Error(wrong);
        }

        await consumer.PumpAsync(cancellationToken);
        return _lost == 0 ? [$"records are at {path.Text}"] : [$"records are at {path.Text}", $"{_lost} texts outside of the records are in no row: {string.Join(", ", _outside)}{(_outside.Count == NamedOutside ? " ..." : "")}"];
    }

    /// <summary>A text that is no record's: of what comes before the first one, records of forms have it; of everything else it is told.</summary>
    void Outside(string value)
    {
        if (path.HasAround && _rows == 0 && _around.Count < limits.MaxColumns)
        {
            _around.Add((string.Join('.', _open.Skip(1).Select(f => f.Name)), value));
            return;
        }

        _lost++;
        if (_outside.Count < NamedOutside && "/" + string.Join('/', _open.Select(f => f.Name)) is var at && !_outside.Contains(at))
            _outside.Add(at);
    }

    async ValueTask ElementAsync(XmlReader reader, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        CheckDepth(reader, _open.Count);
        var line = ((IXmlLineInfo)reader).LineNumber;
        var isEmpty = reader.IsEmptyElement;
        _open.Add(XmlReaders.Frame(reader));
        if (path.Matches(_open))
        {
            await RecordAsync(reader, consumer.Names);
            consumer.Row(_text.WrittenSpan, _cells.AsSpan(0, _used), new(++_rows, -1, line), default);
            _text.ResetWrittenCount();
            Array.Clear(_cells, 0, _used);
            _used = 0;
            isEmpty = true;
            if (_rows % RowsBetweenPumps == 0)
                await consumer.PumpAsync(cancellationToken);
        }

        if (isEmpty)
            _open.RemoveAt(_open.Count - 1);
    }

    void CheckDepth(XmlReader reader, int depth)
    {
        if (depth >= limits.MaxDepth)
            throw new ConversionException($"Elements are nested more than {limits.MaxDepth} deep.", ((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);
    }

    /// <summary>Reads the record's element to its end.</summary>
    async Task RecordAsync(XmlReader reader, ColumnNames names)
    {
        if (path.Or is not null)
            Set(names, "record", _open[^1].Name, CellKind.Text);
        foreach (var (name, value) in _around)
            Set(names, name, value, CellKind.Text);
        AddInherited(names);
        foreach (var (name, value) in _open[^1].Attributes)
            Set(names, name, value, CellKind.Text);
        var prefix = new Stack<(string Path, bool HasChild, bool IsNil)>();
        prefix.Push(("", false, XmlReaders.IsNil(reader)));
        var text = new StringBuilder();
        if (reader.IsEmptyElement)
            return;
        while (prefix.Count > 0 && await reader.ReadAsync())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    Child(reader, names, prefix, text);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace:
                    text.Append(reader.Value);
                    if (text.Length > limits.MaxFieldBytes)
                        throw new ConversionException($"A text is longer than {limits.MaxFieldBytes} characters.", ((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);
                    break;
                case XmlNodeType.EndElement:
                    var (name, hasChild, isNil) = prefix.Pop();
                    if (!hasChild || text.ToString().AsSpan().ContainsAnyExcept(" \t\r\n"))
                    {
                        if (name.Length > 0 || text.Length > 0)
                            Set(names, name.Length == 0 ? "value" : name, text.ToString(), isNil ? CellKind.Null : CellKind.Text);
                    }

                    text.Clear();
                    break;
                default:
                    break;
            }
        }
    }

    void Child(XmlReader reader, ColumnNames names, Stack<(string Path, bool HasChild, bool IsNil)> prefix, StringBuilder text)
    {
        CheckDepth(reader, _open.Count + prefix.Count);
        var parent = prefix.Pop();
        if (text.ToString().AsSpan().ContainsAnyExcept(" \t\r\n"))
            Set(names, parent.Path.Length == 0 ? "value" : parent.Path, text.ToString(), CellKind.Text);
        text.Clear();
        prefix.Push(parent with { HasChild = true });
        var name = parent.Path.Length == 0 ? reader.LocalName : $"{parent.Path}.{reader.LocalName}";
        var frame = XmlReaders.Frame(reader);
        foreach (var (attribute, value) in frame.Attributes)
            Set(names, $"{name}.{attribute}", value, CellKind.Text);
        var isNil = XmlReaders.IsNil(reader);
        if (!reader.IsEmptyElement)
            prefix.Push((name, false, isNil));
        else if (frame.Attributes.Count == 0)
            Set(names, name, "", isNil ? CellKind.Null : CellKind.Text);
    }

    void AddInherited(ColumnNames names)
    {
        if (inherit is null && inheritAll)
        {
            var own = _open[^1].Attributes;
            for (var i = _open.Count - 2; i >= 0; i--)
            {
                foreach (var (name, value) in _open[i].Attributes)
                {
                    if (!own.Exists(a => a.Name == name) && !IsSet(names, name))
                        Set(names, name, value, CellKind.Text);
                }
            }
        }

        foreach (var wanted in inherit ?? [])
        {
            for (var i = _open.Count - 2; i >= 0; i--)
            {
                var value = wanted.StartsWith('@') ? _open[i].Attribute(wanted[1..]) : _open[i].Fields.GetValueOrDefault(wanted);
                if (value is null)
                    continue;
                Set(names, wanted.TrimStart('@'), value, CellKind.Text);
                break;
            }
        }
    }

    bool IsSet(ColumnNames names, string name) => names.IndexOf(name) is >= 0 and var at && at < _used && _cells[at].Kind != CellKind.Missing;

    void Set(ColumnNames names, string name, string value, CellKind kind)
    {
        var unique = name;
        for (var i = 2; IsSet(names, unique); i++)
            unique = $"{name}_{i}";
        var column = names.Add(unique);
        if (column >= _cells.Length)
            Array.Resize(ref _cells, Math.Max(16, column * 2));
        var start = _text.WrittenCount;
        var length = Encoding.UTF8.GetBytes(value, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(value.Length)));
        _text.Advance(length);
        _cells[column] = new(start, length, kind);
        _used = Math.Max(_used, column + 1);
    }
}
