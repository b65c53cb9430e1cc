using System.Buffers;
using System.Text;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>
/// Reads the records and the next page's token out of a JSON document as it streams by. Memory follows the longest record.
/// Where no record path is configured, the records are the elements of the root array, else of the first array of objects; where
/// there is no such array there are none if there is an empty array, else the root itself is the only record.
/// </summary>
/// <param name="format">Where the records lie, and how; without a path they are looked for.</param>
/// <param name="cursorPath">Field of a record; null when its value is of no interest.</param>
/// <param name="nextPath">Where the next page's token lies; null when there is none.</param>
/// <param name="paths">What else it says about pages; null for nothing. Its own <see cref="PagePaths.Next"/> does not count.</param>
internal sealed class JsonRecords(FormatDefinition format, string? cursorPath, string? nextPath, PagePaths? paths = null)
{
    const int MaxTokenBytes = 64 << 20;

    /// <summary>Reads a document.</summary>
    /// <param name="content">A stream that can be read from the start again.</param>
    /// <param name="sink">Told about each record.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UnexpectedContentException">It is not JSON, or nothing lies at the record path.</exception>
    public async Task<ArtefactContent> ReadAsync(Stream content, IRecordSink sink, CancellationToken cancellationToken)
    {
        var recordPath = format.RecordPath ?? (format.Layout is RecordLayout.Columns ? "$" : null);
        var pass = new Pass(format, recordPath is null ? Search.Array : Search.Path, cursorPath, nextPath, paths ?? PagePaths.None, sink);
        await PassOverAsync(content, pass, cancellationToken);
        if (recordPath is null && !pass.Found && !pass.SawEmptyArray)
        {
            content.Position = 0;
            pass = new Pass(format, Search.Root, cursorPath, nextPath, paths ?? PagePaths.None, sink);
            await PassOverAsync(content, pass, cancellationToken);
        }

        return pass.Found || pass.SawEmptyArray
            ? new(pass.Records, pass.Next) { HasMore = pass.HasMore, Total = pass.Total, FirstKey = pass.Keys.First, LastKey = pass.Keys.Last }
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
    sealed class Pass(FormatDefinition format, Search search, string? cursorPath, string? nextPath, PagePaths paths, IRecordSink sink)
    {
        readonly RecordPath _path = RecordPath.Parse(format.RecordPath ?? "$");
        readonly JsonPath _toRecords = new(format.RecordPath, dropLastElements: format.Layout is RecordLayout.Rows);
        readonly ColumnRecords? _columns = format.Layout is RecordLayout.Columns ? new(cursorPath) : null;
        readonly JsonPath? _toNext = PathTo(nextPath);
        readonly JsonPath? _toMore = PathTo(paths.More);
        readonly JsonPath? _toTotal = PathTo(paths.Total);
        readonly ArrayBufferWriter<byte> _record = new(1024);
        JsonPath? _toCursor;
        string? _cursor;
        JsonPath? _toKey;
        string? _key;
        RecordKeys _keys;
        int _depth;
        int? _arrayDepth; // depth inside the array whose elements are the records
        int? _recordDepth; // depth at which the record under way began
        bool _inNewArray; // the last token opened an array; it holds the records if its first element is an object

        public bool Found
        {
            get => field || (search is Search.Path && _toRecords.IsReached);
            private set;
        }

        public bool SawEmptyArray { get; private set; }

        public long Records { get; private set; }

        public string? Next { get; private set; }

        public bool HasMore { get; private set; }

        public string? Total { get; private set; }

        public RecordKeys Keys => _keys;

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
            if (_toMore?.Follow(ref reader) is true)
                HasMore = reader.TokenType is JsonTokenType.True || ScalarOf(ref reader) is { } said && said is not ("0" or "false" or "False" or "FALSE");
            if (_toTotal?.Follow(ref reader) is true)
                Total = ScalarOf(ref reader);
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
                    // Some vendors say null for an empty list, and leave the list of one record out.
                    var isObject = type is JsonTokenType.StartObject;
                    Found |= isObject || type is JsonTokenType.StartArray or JsonTokenType.Null || !_path.EndsInElements;
                    if (isObject || _path.EndsInEntries)
                        Begin(ref reader);
                    else if (type is JsonTokenType.StartArray && _columns is null)
                        _arrayDepth = _depth + 1;
                    else if (type is not JsonTokenType.Null && !_path.EndsInElements)
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
            _cursor = _key = null;
            foreach (var (name, key) in _toRecords.Keys())
            {
                // What lies in a map is known by its key too, which may be what the cursor counts.
                _record.Write(Encoding.UTF8.GetBytes(key));
                _cursor = name == cursorPath ? key : _cursor;
                _key = name == paths.Key ? key : _key;
            }

            _columns?.Begin(_record.WrittenSpan, _cursor);
            _toCursor = cursorPath is null || _columns is not null ? null
                : (reader.TokenType is JsonTokenType.StartArray ? JsonPath.OfColumn(cursorPath) : null) ?? new(cursorPath);
            _toKey = paths.Key is not { } field || _columns is not null ? null
                : (reader.TokenType is JsonTokenType.StartArray ? JsonPath.OfColumn(field) : null) ?? new(field);
            _recordDepth = _depth;
            Continue(ref reader);
        }

        void Continue(ref Utf8JsonReader reader)
        {
            if (_toCursor?.Follow(ref reader) is true)
                _cursor = ScalarOf(ref reader);
            if (_toKey?.Follow(ref reader) is true)
                _key = ScalarOf(ref reader);
            _columns?.Token(ref reader);
            _record.GetSpan(1)[0] = (byte)reader.TokenType;
            _record.Advance(1);
            _record.Write(reader.ValueSpan);
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (_depth != _recordDepth || opens || reader.TokenType is JsonTokenType.PropertyName)
                return;
            if (_columns is null)
                sink.OnRecord(Records++, _cursor, _record.WrittenSpan);
            else
                Records += _columns.End(Records, sink);
            _keys.Add(_key);
            _recordDepth = null;
        }

        static JsonPath? PathTo(string? path) => path is null ? null : new(path);
    }

    /// <summary>Text of a plain value; null of an empty one and of everything else.</summary>
    public static string? ScalarOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString() is { Length: > 0 } text ? text : null,
        JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => null,
    };
}
