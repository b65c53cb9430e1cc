using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A value of a manifest that may be a template, with the parameters of its component.</summary>
internal sealed class Expression
{
    readonly object? _constant;
    readonly Template? _template;
    readonly LowCodeMap _parameters;
    readonly string _place;

    /// <exception cref="TemplateSyntaxException">It is a template that cannot be read.</exception>
    public Expression(object? value, LowCodeMap parameters, string place)
    {
        (_constant, _parameters, _place) = (value, parameters, place);
        if (value is string text)
            _template = Template.Parse(text);
    }

    /// <summary>As it is written.</summary>
    public string Source => _template?.Source ?? PythonText.Str(_constant);

    /// <summary>The variables that it reads.</summary>
    public IReadOnlyList<string> Variables => _template?.Variables ?? [];

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty => _template is { Constant: "" };

    /// <summary>The value.</summary>
    /// <exception cref="StepFailedException">It cannot be evaluated, or uses what does not exist.</exception>
    public object? Value(TemplateContext context) => Guarded(context, (template, inner) => template.Evaluate(inner));

    /// <summary>The value where it renders to something that exists, else null.</summary>
    public object? Entry(TemplateContext context, ValueKinds kinds = ValueKinds.All) => Guarded(context, (template, inner) => template.EvaluateEntry(inner, kinds));

    /// <summary>The text as it is rendered, not read as a value: <c>007</c> stays what it is.</summary>
    /// <exception cref="StepFailedException">It cannot be evaluated, or uses what does not exist.</exception>
    public string Text(TemplateContext context) => PythonText.Str(Guarded(context, (template, inner) => template.Evaluate(inner, default(ValueKinds))));

    /// <summary>The text where it renders to something that exists, else null.</summary>
    public string? TextEntry(TemplateContext context) => Entry(context, default(ValueKinds)) is { } value ? PythonText.Str(value) : null;

    /// <summary>A whole number; null where it renders to nothing.</summary>
    /// <exception cref="StepFailedException">It is something else.</exception>
    public long? Whole(TemplateContext context) => Entry(context) switch
    {
        null => null,
        long number => number,
        { } other when Numbers.WholeOf(other) is { } whole && whole <= long.MaxValue && whole >= long.MinValue => (long)whole,
        string text when long.TryParse(text, out var number) => number,
        var other => throw Fault($"'{PythonText.Str(other)}' is not a whole number."),
    };

    /// <summary>A number; null where it renders to nothing.</summary>
    public double? Real(TemplateContext context) => Entry(context) switch
    {
        null => null,
        { } number when Numbers.Is(number) => Numbers.Real(number),
        string text when double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        var other => throw Fault($"'{PythonText.Str(other)}' is not a number."),
    };

    /// <summary>Whether it holds.</summary>
    public bool Holds(TemplateContext context) => _template is null ? Operators.Truth(_constant) : Guarded(context, (template, inner) => template.Holds(inner)) is true;

    object? Guarded(TemplateContext context, Func<Template, TemplateContext, object?> evaluate)
    {
        if (_template is null)
            return _constant;
        if (_template.Constant is not null)
            return evaluate(_template, context);
        try
        {
            return evaluate(_template, context.With(("parameters", _parameters)));
        }
        catch (TemplateException failed)
        {
            throw Fault(failed.Message);
        }
    }

    StepFailedException Fault(string message) => new(new() { Code = "template-failed", Message = $"{_place}: {message}" });
}
