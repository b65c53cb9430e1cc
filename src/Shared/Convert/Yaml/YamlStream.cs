using System.Text;
using System.Text.Json;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Writing;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DataIngestion.Conversion.Yaml;

/// <summary>YAML documents as JSON lines, from the events of YamlDotNet's parser. The mappings of a sequence at the top are the records.</summary>
internal sealed class YamlStream : DocumentStream
{
    readonly Stream _content;
    readonly ConversionLimits _limits;
    readonly YamlAnchors _anchors;
    readonly CountingReader _text;
    readonly Parser _parser;
    bool _inSequence;

    public YamlStream(Stream content, ConversionLimits limits)
    {
        (_content, _limits, _anchors) = (content, limits, new(limits));
        _text = new(new(content, new UTF8Encoding(false, throwOnInvalidBytes: true)), limits.MaxRecordBytes);
        _parser = new(_text);
    }

    protected override ValueTask<bool> NextAsync(Utf8Buffer to, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new(Next(to));
        }
        catch (YamlException wrong)
        {
            throw new ConversionException($"The YAML is wrong: {wrong.Message}", wrong.Start.Line, wrong.Start.Column, wrong);
        }
        catch (InvalidDataException wrong)
        {
            var at = _parser.Current?.Start;
            throw new ConversionException($"The YAML cannot be read: {wrong.Message}.", at?.Line, at?.Column, wrong);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new ConversionException("The YAML is not UTF-8.", inner: wrong);
        }
    }

    bool Next(Utf8Buffer to)
    {
        if (_inSequence)
        {
            if (_parser.Current is not SequenceEnd)
            {
                Node(to, _limits.MaxDepth);
                return true;
            }

            _inSequence = false;
            Move();
        }

        while (_parser.Current is not DocumentStart)
        {
            if (_parser.Current is StreamEnd || !Move())
                return false;
        }

        _anchors.Clear();
        Move();
        Top(to);
        return true;
    }

    void Top(Utf8Buffer to)
    {
        if (_parser.Current is Scalar { Style: ScalarStyle.Plain, Value: "", Tag.IsEmpty: true })
        {
            // A document without content is none.
            Move();
            return;
        }

        if (_parser.Current is not SequenceStart { Anchor: var anchor })
        {
            Node(to, _limits.MaxDepth);
            return;
        }

        Move();
        if (_parser.Current is MappingStart)
        {
            _inSequence = true;
            if (!anchor.IsEmpty)
                _anchors.Begin(anchor);
            return;
        }

        Items(to, _limits.MaxDepth - 1);
    }

    bool Move()
    {
        _text.BeginEvent();
        try
        {
            return _parser.MoveNext();
        }
        catch (Exception fault) when (fault is InvalidOperationException or IndexOutOfRangeException or NullReferenceException or OverflowException or (ArgumentException and not DecoderFallbackException))
        {
            // The parser stumbles over some syntax that it does not expect.
            throw new InvalidDataException("its syntax is wrong behind this place", fault);
        }
    }

    void Node(Utf8Buffer to, int depth)
    {
        if (depth <= 0)
            throw new InvalidDataException("nodes are nested too deeply; the limit 'depth' says how deep they may be");
        var begin = to.Length;
        switch (_parser.Current)
        {
            case AnchorAlias alias:
                to.Write(_anchors.Of(alias.Value, _text.Count));
                Move();
                break;
            case NodeEvent { Anchor.IsEmpty: false } anchored:
                _anchors.Begin(anchored.Anchor);
                Plain(anchored, to, depth);
                _anchors.End(anchored.Anchor, to.Memory.Span[begin..]);
                break;
            case NodeEvent node:
                Plain(node, to, depth);
                break;
            default:
                throw new InvalidDataException($"there is {_parser.Current?.GetType().Name} where a node must be");
        }

        if (to.Length > _limits.MaxRecordBytes)
            throw new InvalidDataException($"a record is longer than {_limits.MaxRecordBytes} bytes; the limit 'recordBytes' says how long it may be");
    }

    void Plain(NodeEvent node, Utf8Buffer to, int depth)
    {
        Move();
        switch (node)
        {
            case Scalar scalar:
                YamlScalar.Write(scalar, to);
                break;
            case SequenceStart:
                Items(to, depth - 1);
                break;
            case MappingStart:
                Members(to, depth - 1);
                break;
        }
    }

    void Items(Utf8Buffer to, int depth)
    {
        to.Write((byte)'[');
        for (var isFirst = true; _parser.Current is not SequenceEnd; isFirst = false)
        {
            if (!isFirst)
                to.Write((byte)',');
            Node(to, depth);
        }

        to.Write((byte)']');
        Move();
    }

    void Members(Utf8Buffer to, int depth)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var merged = new List<byte[]>();
        to.Write((byte)'{');
        var isFirst = true;
        while (_parser.Current is not MappingEnd)
        {
            if (_parser.Current is Scalar { Value: "<<", Style: ScalarStyle.Plain })
            {
                Move();
                using var value = new Utf8Buffer();
                Node(value, depth);
                merged.Add(value.Memory.ToArray());
                continue;
            }

            Comma(ref isFirst, to);
            keys.Add(Key(to, depth));
            to.Write((byte)':');
            Node(to, depth);
        }

        foreach (var value in merged)
            Merge(value, keys, ref isFirst, to);
        to.Write((byte)'}');
        Move();
    }

    static void Comma(ref bool isFirst, Utf8Buffer to)
    {
        if (!isFirst)
            to.Write((byte)',');
        isFirst = false;
    }

    /// <summary>A scalar's text; another node's JSON.</summary>
    string Key(Utf8Buffer to, int depth)
    {
        if (_parser.Current is Scalar { Anchor.IsEmpty: true } scalar)
        {
            JsonValue.Text(scalar.Value, to);
            Move();
            return scalar.Value;
        }

        using var key = new Utf8Buffer();
        Node(key, depth);
        JsonValue.Key(key.Memory.Span, to);
        return Encoding.UTF8.GetString(key.Memory.Span).Trim('"');
    }

    /// <summary>The key <c>&lt;&lt;</c> of YAML 1.1, which many still write: members of other mappings that this one does not have.</summary>
    static void Merge(byte[] value, HashSet<string> keys, ref bool isFirst, Utf8Buffer to)
    {
        var reader = new Utf8JsonReader(value, new() { MaxDepth = 1000 });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
            reader.Read();
        while (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!keys.Add(name))
                    continue;
                Comma(ref isFirst, to);
                JsonValue.Text(name, to);
                to.Write((byte)':');
                to.Write(value.AsSpan(from..(int)reader.BytesConsumed));
            }

            reader.Read();
        }

        if (reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.None))
            throw new InvalidDataException("the key << has a value that is no mapping");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await _content.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Counts characters, and stops where one event takes more than a record may have.</summary>
    sealed class CountingReader(StreamReader inner, int most) : TextReader
    {
        int _inEvent;

        public long Count { get; private set; }

        public void BeginEvent() => _inEvent = 0;

        public override int Peek() => inner.Peek();

        public override int Read()
        {
            var read = inner.Read();
            if (read >= 0)
                Add(1);
            return read;
        }

        public override int Read(char[] buffer, int index, int count)
        {
            var read = inner.Read(buffer, index, count);
            Add(read);
            return read;
        }

        void Add(int count)
        {
            Count += count;
            _inEvent += count;
            if (_inEvent > most)
                throw new InvalidDataException($"a node is longer than {most} characters; the limit 'recordBytes' says how long it may be");
        }
    }
}
