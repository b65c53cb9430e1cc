namespace DataIngestion.Conversion;

/// <summary>Bounds that keep a hostile or broken input from taking the process down. What is not set is as the format's specification says.</summary>
public sealed record ConversionLimits
{
    int? _recordBytes;
    int? _fieldBytes;
    int? _columns;
    int? _depth;
    long? _decompressedBytes;
    int? _decompressionRatio;
    int? _layers;
    int? _entries;

    /// <summary>The names of the limits in configuration.</summary>
    public static IReadOnlyList<string> Names { get; } = ["recordBytes", "fieldBytes", "columns", "depth", "decompressedBytes", "decompressionRatio", "layers", "entries"];

    /// <summary>Bytes of one record. Default 16 MiB.</summary>
    public int MaxRecordBytes { get => _recordBytes ?? (16 << 20); init => _recordBytes = value; }

    /// <summary>Bytes of one field. Default 4 MiB.</summary>
    public int MaxFieldBytes { get => _fieldBytes ?? (4 << 20); init => _fieldBytes = value; }

    /// <summary>Columns. Default 4,096.</summary>
    public int MaxColumns { get => _columns ?? 4_096; init => _columns = value; }

    /// <summary>Levels of nesting inside a record or document. Default 128.</summary>
    public int MaxDepth { get => _depth ?? 128; init => _depth = value; }

    /// <summary>Bytes after decompression. Default 1 TiB.</summary>
    public long MaxDecompressedBytes { get => _decompressedBytes ?? (1L << 40); init => _decompressedBytes = value; }

    /// <summary>How many times larger than its input the decompressed content may be, beyond the first 64 MiB. Default 200.</summary>
    public int MaxDecompressionRatio { get => _decompressionRatio ?? 200; init => _decompressionRatio = value; }

    /// <summary>Layers of compression and archives around the content. Default 3.</summary>
    public int MaxLayers { get => _layers ?? 3; init => _layers = value; }

    /// <summary>Members of an archive, of nested ones together. Default 10,000.</summary>
    public int MaxEntries { get => _entries ?? 10_000; init => _entries = value; }

    /// <summary>Characters of a rejected row that are kept. Default 4,096.</summary>
    public int MaxRawCharacters { get; init; } = 4_096;

    /// <summary>These, where they are set; otherwise what is configured.</summary>
    /// <param name="configured">By <see cref="Names"/>; none has to be there.</param>
    internal ConversionLimits Or(IReadOnlyDictionary<string, long> configured)
    {
        return this with
        {
            _recordBytes = _recordBytes ?? Of("recordBytes"),
            _fieldBytes = _fieldBytes ?? Of("fieldBytes"),
            _columns = _columns ?? Of("columns"),
            _depth = _depth ?? Of("depth"),
            _decompressedBytes = _decompressedBytes ?? (configured.TryGetValue("decompressedBytes", out var bytes) ? bytes : null),
            _decompressionRatio = _decompressionRatio ?? Of("decompressionRatio"),
            _layers = _layers ?? Of("layers"),
            _entries = _entries ?? Of("entries"),
        };

        int? Of(string name) => configured.TryGetValue(name, out var value) ? (int)value : null;
    }
}
