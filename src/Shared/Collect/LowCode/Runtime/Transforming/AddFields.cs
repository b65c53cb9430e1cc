namespace DataIngestion.Collect;

/// <summary>Adds fields, or changes them (<c>AddFields</c>).</summary>
internal sealed class AddFields : Transformation
{
    readonly List<(IReadOnlyList<Expression> Path, Expression Value, ValueKinds Kinds, bool IsText)> _fields = [];
    readonly Expression? _condition;

    public AddFields(Part part)
    {
        foreach (var field in part.Children("fields"))
        {
            var path = field.Expressions("path");
            if (path.Count == 0)
                throw field.Fault("'path' is missing.");
            var type = field.Text("value_type");
            _fields.Add((path, field.NeededExpression("value"), KindsOf(type, field), type == "string"));
        }

        _condition = part.Expression("condition") is { IsEmpty: false } condition ? condition : null;
    }

    public override void Apply(LowCodeMap record, TemplateContext context)
    {
        var inner = context.With(("record", record));
        foreach (var (path, value, kinds, isText) in _fields)
        {
            // A declared text is text: identifiers such as 007 and 1e5 are not numbers.
            var evaluated = isText ? value.TextEntry(inner) : value.Entry(inner, kinds);
            IReadOnlyList<string> steps = [.. path.Select(step => step.Text(inner))];
            if (_condition?.Holds(inner.With(("value", evaluated), ("path", steps.ToList<object?>()))) is not false)
                DataPath.Put(record, steps, evaluated);
        }
    }

    static ValueKinds KindsOf(string? type, Part field) => type switch
    {
        null => ValueKinds.All,
        "string" => ValueKinds.Text,
        "number" => ValueKinds.Real | ValueKinds.Whole,
        "integer" => ValueKinds.Whole,
        "boolean" => ValueKinds.Truth,
        _ => throw field.Fault($"'value_type' is '{type}': expected string, number, integer or boolean."),
    };
}

/// <summary>Takes fields away (<c>RemoveFields</c>).</summary>
internal sealed class RemoveFields(Part part) : Transformation
{
    readonly IReadOnlyList<IReadOnlyList<Expression>> _paths =
        part.Plain("field_pointers") is List<object?> pointers
            ? [.. pointers.Select(pointer => (IReadOnlyList<Expression>)[.. (pointer is List<object?> steps ? steps : [pointer]).Select(step => part.Evaluated(step, "field_pointers"))])]
            : [];

    readonly Expression? _condition = part.Expression("condition") is { IsEmpty: false } condition ? condition : null;

    public override void Apply(LowCodeMap record, TemplateContext context)
    {
        foreach (var path in _paths)
        {
            IReadOnlyList<string> steps = [.. path.Select(step => step.Text(context))];
            DataPath.Remove(record, steps, _condition is null ? null : value => _condition.Holds(context.With(("record", record), ("property", value))));
        }
    }
}
