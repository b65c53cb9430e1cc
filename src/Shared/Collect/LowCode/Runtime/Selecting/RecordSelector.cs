namespace DataIngestion.Collect;

/// <summary>Makes a stream's records of what an answer holds: takes them out, filters, transforms and brings values to their types.</summary>
internal sealed class RecordSelector
{
    Extractor _extractor;
    readonly Expression? _filter;
    readonly bool _transformsFirst;
    readonly IReadOnlyList<Transformation> _transformations;
    readonly SchemaTypes? _types;

    /// <param name="part">The selector.</param>
    /// <param name="transformations">Those of the stream.</param>
    /// <param name="schema">The stream's schema, where values are brought to its types; null where there is none.</param>
    public RecordSelector(Part part, IReadOnlyList<Transformation> transformations, LowCodeMap? schema)
    {
        if (part.Type is not ("RecordSelector" or ""))
            throw part.Unknown("record selector");
        _extractor = new(part.Needed("extractor"));
        if (part.Child("record_filter") is { } filter)
        {
            if (filter.Type is not ("RecordFilter" or ""))
                throw filter.Unknown("record filter");
            _filter = filter.Expression("condition") is { IsEmpty: false } condition ? condition : null;
        }

        _transformations = transformations;
        _transformsFirst = part.Flag("transform_before_filtering");
        _types = part.Text("schema_normalization") == "Default" && schema is not null ? new(schema) : null;
    }

    /// <summary>The same that takes records out in another way; null for what an answer holds as it is.</summary>
    public RecordSelector With(Extractor? extractor)
    {
        var other = (RecordSelector)MemberwiseClone();
        other._extractor = extractor ?? Extractor.Whole;
        return other;
    }

    /// <summary>Takes the records out of one value of an answer.</summary>
    public IEnumerable<LowCodeMap> Extract(object? value, TemplateContext context) =>
        _extractor.Extract(value, context).Select(record => record as LowCodeMap ?? new LowCodeMap { ["value"] = record });

    /// <summary>Filters and transforms a record.</summary>
    /// <param name="record">The record, which is changed.</param>
    /// <param name="context">What templates see besides it.</param>
    /// <param name="isInTime">Whether its cursor lies where records are wanted; null where all are.</param>
    /// <returns>Whether it is one of the stream's.</returns>
    public bool Select(LowCodeMap record, TemplateContext context, Func<LowCodeMap, bool>? isInTime = null)
    {
        if (_transformsFirst)
            Transform(record, context);
        if (isInTime?.Invoke(record) is false || _filter?.Holds(context.With(("record", record))) is false)
            return false;
        if (!_transformsFirst)
            Transform(record, context);
        _types?.Apply(record);
        return true;
    }

    void Transform(LowCodeMap record, TemplateContext context)
    {
        foreach (var transformation in _transformations)
            transformation.Apply(record, context);
    }
}
