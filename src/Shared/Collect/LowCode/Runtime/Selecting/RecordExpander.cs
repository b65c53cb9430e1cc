namespace DataIngestion.Collect;

/// <summary>Makes records of the entries of a list inside a record (<c>RecordExpander</c>).</summary>
internal sealed class RecordExpander(Part part)
{
    readonly IReadOnlyList<Expression> _path = part.Expressions("expand_records_from_field");
    readonly bool _keepsOriginal = part.Flag("remain_original_record");
    readonly bool _keepsParent = part.Text("on_no_records") == "emit_parent";

    /// <summary>The records that a record becomes.</summary>
    public IEnumerable<object?> Expand(object? record, TemplateContext context)
    {
        if (record is not LowCodeMap || _path.Count == 0)
            return [record];
        var items = DataPath.FindAll(record, [.. _path.Select(step => step.Text(context))]).OfType<List<object?>>().SelectMany(list => list).ToList();
        if (items.Count == 0)
            return _keepsParent ? [record] : [];
        return items.Select(item => Item(item, record));
    }

    object? Item(object? item, object? parent)
    {
        var expanded = item is LowCodeMap map ? new LowCodeMap(map) : _keepsOriginal ? new LowCodeMap { ["value"] = item } : null;
        if (expanded is null)
            return item;
        if (_keepsOriginal)
            expanded["original_record"] = JsonValues.Copy(parent);
        return expanded;
    }
}
