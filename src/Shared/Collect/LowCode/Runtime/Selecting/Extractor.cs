namespace DataIngestion.Collect;

/// <summary>Takes records out of what an answer holds (<c>DpathExtractor</c>, <c>ResponseToFileExtractor</c>).</summary>
internal sealed class Extractor
{
    readonly IReadOnlyList<Expression> _path;
    readonly RecordExpander? _expander;

    Extractor() => _path = [];

    public Extractor(Part part)
    {
        if (part.Type is not ("DpathExtractor" or "ResponseToFileExtractor" or ""))
            throw part.Unknown("record extractor");
        _path = part.Type == "ResponseToFileExtractor" ? [] : part.Expressions("field_path").Concat(part.Expressions("field_pointer")).ToList();
        _expander = part.Child("record_expander") is { } expander ? new(expander) : null;
    }

    /// <summary>What an answer holds is the record.</summary>
    public static Extractor Whole { get; } = new();

    /// <summary>The records in one value of an answer.</summary>
    public IEnumerable<object?> Extract(object? value, TemplateContext context)
    {
        IReadOnlyList<string> path = [.. _path.Select(step => step.Text(context))];
        object? found;
        if (path.Count == 0)
            found = value;
        else if (DataPath.IsPattern(path))
            found = DataPath.FindAll(value, path).ToList();
        else if (!DataPath.TryFind(value, path, out found))
            return [];
        var records = found is List<object?> list ? list : Operators.Truth(found) ? [found] : Enumerable.Empty<object?>();
        return _expander is null ? records : records.SelectMany(record => _expander.Expand(record, context));
    }
}
