namespace DataIngestion.Collect;

/// <summary>Named values of a request that are evaluated for each: parameters, headers, fields of a form. What renders to nothing is left out.</summary>
internal sealed class OptionFields
{
    readonly List<(Expression Name, Expression Value)> _fields = [];
    readonly Expression? _whole;
    readonly ValueKinds _kinds;

    /// <param name="part">The component.</param>
    /// <param name="name">Its field: a mapping, or a template that gives one.</param>
    /// <param name="kinds">What values are read as; what is not among these stays text.</param>
    /// <param name="but">An entry that is none of them.</param>
    public OptionFields(Part part, string name, ValueKinds kinds, string? but = null)
    {
        _kinds = kinds;
        if (part.Plain(name) is LowCodeMap map)
        {
            foreach (var (key, value) in map.Where(entry => entry.Key != but))
                _fields.Add((part.Evaluated(key, name), part.Evaluated(value, $"{name}.{key}")));
        }
        else
        {
            _whole = part.Expression(name);
        }
    }

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => _fields.Count == 0 && _whole is null;


    /// <summary>The values.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Evaluate(TemplateContext context)
    {
        if (_whole?.Entry(context) is LowCodeMap map)
            return map.Where(entry => entry.Value is not null);
        return
            from field in _fields
            let value = field.Value.Entry(context, _kinds | ValueKinds.None) // nobody wants 'None' to be asked for
            where value is not null
            select KeyValuePair.Create(field.Name.Text(context), (object?)value);
    }

    /// <summary>Puts the values in.</summary>
    public void Put(LowCodeMap target, TemplateContext context)
    {
        foreach (var (name, value) in Evaluate(context))
            target[name] = value;
    }

    /// <summary>The text, where the field is a template that gives none of a mapping; else null.</summary>
    public string? Text(TemplateContext context) => _whole?.Entry(context) is { } value and not LowCodeMap ? _whole.TextEntry(context) : null;
}
