namespace DataIngestion.Collect;

/// <summary>The records of one page on their way to the stream.</summary>
internal sealed class PageWork(RecordSelector selector, CursorTrack? track, Action<LowCodeMap> found, IReadOnlyList<Expression>? mergeKey)
{
    readonly OrderedDictionary<string, LowCodeMap> _merged = new(StringComparer.Ordinal);
    LowCodeMap? _lastOfAll;

    /// <summary>Records in the page, before any filter.</summary>
    public long Records { get; private set; }

    /// <summary>The last record of the stream; where all were filtered, the last of the page.</summary>
    public LowCodeMap? Last { get; private set; }

    /// <summary>What the answer holds, as templates see it: of a list the first.</summary>
    public object? Response { get; private set; } = new LowCodeMap();

    /// <summary>Reads an answer.</summary>
    public void Read(IEnumerable<object?> values, TemplateContext context)
    {
        var isFirst = true;
        foreach (var value in values)
        {
            if (isFirst)
                (Response, isFirst) = (value, false);
            ReadValue(value, context);
        }

        // Entries of a list are looked into one by one; a path that begins with '*' may also mean the list.
        if (Records == 0 && values is List<object?> { Count: > 0 } list)
            ReadValue(list, context);
        Last ??= _lastOfAll;
    }

    /// <summary>Emits the records that were brought together from several answers.</summary>
    public void Merge()
    {
        foreach (var record in _merged.Values)
            Emit(record);
        _merged.Clear();
    }

    void ReadValue(object? value, TemplateContext context)
    {
        foreach (var record in selector.Extract(value, context))
        {
            Records++;
            _lastOfAll = record;
            if (!selector.Select(record, context, track is null ? null : track.IsWanted))
                continue;
            if (mergeKey is null || KeyOf(record, context) is not { } key)
                Emit(record);
            else if (_merged.TryGetValue(key, out var there))
                Merge(there, record);
            else
                _merged[key] = record;
        }
    }

    void Emit(LowCodeMap record)
    {
        track?.Note(record);
        Last = record;
        found(record);
    }

    string? KeyOf(LowCodeMap record, TemplateContext context)
    {
        var values = mergeKey!.Select(part => DataPath.TryFind(record, part.Text(context).Split('.'), out var value) ? value : null).ToList();
        return values.Contains(null) ? null : JsonValues.Write(values);
    }

    static void Merge(LowCodeMap into, LowCodeMap more)
    {
        foreach (var (name, value) in more)
        {
            if (into.Find(name) is LowCodeMap inner && value is LowCodeMap addition)
                Merge(inner, addition);
            else
                into[name] = value;
        }
    }
}
