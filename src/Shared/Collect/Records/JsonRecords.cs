using System.Buffers;
using System.Text;
using System.Text.Json;

namespace DataIngestion.Collect;

/// <summary>
/// Reads the records and the next page's token out of a JSON document as it streams by. Memory follows the longest record.
/// Where no record path is configured, the records are the elements of the root array, else of the first array of objects; where
/// there is no such array there are none if there is an empty array, else the root itself is the only record.
/// </summary>
/// <param name="recordPath">Where the records lie; null to look for them.</param>
/// <param name="cursorPath">Field of a record; null when its value is of no interest.</param>
/// <param name="nextPath">Where the next page's token lies; null when there is none.</param>
internal sealed class JsonRecords(string? recordPath, string? cursorPath, string? nextPath)
{
    const int MaxTokenBytes = 64 << 20;

    /// <summary>Reads a document.</summary>
    /// <param name="content">A stream that can be read from the start again.</param>
    /// <param name="sink">Told about each record.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UnexpectedContentException">It is not JSON, or nothing lies at the record path.</exception>
    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var pass = new Pass(recordPath, recordPath is null ? Search.Array : Search.Path, cursorPath, nextPath, sink);
        await PassOverAsync(content, pass, cancellationToken);
        if (recordPath is null && !pass.Found && !pass.SawEmptyArray)
        {
            content.Position = 0;
            pass = new Pass(null, Search.Root, cursorPath, nextPath, sink);
            await PassOverAsync(content, pass, cancellationToken);
        }

        return pass.Found || pass.SawEmptyArray
            ? new(pass.Records, pass.Next)
            : throw new UnexpectedContentException(recordPath is null ? "holds neither an array nor an object" : $"has nothing at the record path '{recordPath}'");
    }

    static async Task PassOverAsync(Stream content, Pass pass, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            var (length, position, isFirst) = (0, 0L, true);
            var state = new JsonReaderState();
            for (var isFinal = false; !isFinal;)
            {
                var read = await content.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                isFinal = read == 0;
                if (isFirst && length < 3 && !isFinal)
                    continue; // a byte order mark may not be whole yet
                var start = isFirst && buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
                isFirst = false;
                int used;
                try
                {
                    used = start + pass.Over(buffer.AsSpan(start, length - start), isFinal, ref state);
                }
                catch (JsonException fault)
                {
                    throw new UnexpectedContentException($"is not JSON, at line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1} of it");
                }

                position += used;
                buffer.AsSpan(used, length - used).CopyTo(buffer);
                length -= used;
                if (length == buffer.Length)
                {
                    if (length >= MaxTokenBytes)
                        throw new UnexpectedContentException($"has a single value of over {MaxTokenBytes:N0} bytes at byte {position:N0}");
                    var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    enum Search
    {
        /// <summary>The records lie at a given path.</summary>
        Path,

        /// <summary>The records are the elements of the root array or of the first array of objects.</summary>
        Array,

        /// <summary>The root is the record.</summary>
        Root,
    }

    /// <summary>State of one pass over the document, token by token.</summary>
    sealed class Pass(string? recordPath, Search search, string? cursorPath, string? nextPath, IRecordSink sink)
    {
        readonly JsonPath _toRecords = new(recordPath, dropLastElements: true);
        readonly JsonPath? _toNext = nextPath is null ? null : new(nextPath);
        readonly ArrayBufferWriter<byte> _record = new(1024);
        JsonPath? _toCursor;
        string? _cursor;
        int _depth;
        int? _arrayDepth; // depth inside the array whose elements are the records
        int? _recordDepth; // depth at which the record under way began
        bool _inNewArray; // the last token opened an array; it holds the records if its first element is an object

        public bool Found { get; private set; }

        public bool SawEmptyArray { get; private set; }

        public long Records { get; private set; }

        public string? Next { get; private set; }

        public int Over(ReadOnlySpan<byte> bytes, bool isFinal, ref JsonReaderState state)
        {
            var reader = new Utf8JsonReader(bytes, isFinal, state);
            while (reader.Read())
                Take(ref reader);
            state = reader.CurrentState;
            return (int)reader.BytesConsumed;
        }

        void Take(ref Utf8JsonReader reader)
        {
            var type = reader.TokenType;
            if (_toNext?.Follow(ref reader) is true)
                Next = ScalarOf(ref reader);
            var atPath = search is Search.Path && _toRecords.Follow(ref reader);
            var isEnd = type is JsonTokenType.EndObject or JsonTokenType.EndArray;
            if (isEnd)
                _depth--;

            if (_recordDepth is not null)
                Continue(ref reader);
            else if (_arrayDepth == _depth && !isEnd)
                Begin(ref reader);
            else if (_arrayDepth - 1 == _depth && isEnd)
                _arrayDepth = null;
            else if (atPath || search is not Search.Path)
                Look(ref reader, type);

            if (type is JsonTokenType.StartObject or JsonTokenType.StartArray)
                _depth++;
        }

        void Look(ref Utf8JsonReader reader, JsonTokenType type)
        {
            switch (search)
            {
                case Search.Path:
                    Found = true;
                    if (_toRecords.Key is not null)
                        Begin(ref reader);
                    else if (type is JsonTokenType.StartArray)
                        _arrayDepth = _depth + 1;
                    else if (type is not JsonTokenType.Null) // some vendors say null for an empty list
                        Begin(ref reader);
                    break;

                case Search.Array when !Found:
                    if (_inNewArray && type is JsonTokenType.StartObject)
                    {
                        (Found, _arrayDepth) = (true, _depth);
                        Begin(ref reader);
                    }
                    else if (_depth == 0 && type is JsonTokenType.StartArray)
                    {
                        (Found, _arrayDepth) = (true, 1);
                    }

                    SawEmptyArray |= _inNewArray && type is JsonTokenType.EndArray;
                    _inNewArray = type is JsonTokenType.StartArray;
                    break;

                case Search.Root when _depth == 0 && type is JsonTokenType.StartObject:
                    Found = true;
                    Begin(ref reader);
                    break;
            }
        }

        void Begin(ref Utf8JsonReader reader)
        {
            _record.ResetWrittenCount();
            _cursor = null;
            if (_toRecords.Key is { } key && _arrayDepth is null)
            {
                // An entry of a map is known by its key too, which may be what the cursor counts.
                _record.Write(Encoding.UTF8.GetBytes(key));
                _cursor = cursorPath is not null && cursorPath == _toRecords.KeyName ? key : null;
            }

            _toCursor = cursorPath is null ? null : new(cursorPath);
            _recordDepth = _depth;
            Continue(ref reader);
        }

        void Continue(ref Utf8JsonReader reader)
        {
            if (_toCursor?.Follow(ref reader) is true)
                _cursor = ScalarOf(ref reader);
            _record.GetSpan(1)[0] = (byte)reader.TokenType;
            _record.Advance(1);
            _record.Write(reader.ValueSpan);
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (_depth != _recordDepth || opens || reader.TokenType is JsonTokenType.PropertyName)
                return;
            sink.OnRecord(Records++, _cursor, _record.WrittenSpan);
            _recordDepth = null;
        }

        static string? ScalarOf(ref Utf8JsonReader reader) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString() is { Length: > 0 } text ? text : null,
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
    }
}
