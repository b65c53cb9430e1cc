using System.Text;

namespace DataIngestion.Collect;

/// <summary>Kinds of values that a rendered text may be read as.</summary>
[Flags]
internal enum ValueKinds
{
    /// <summary>No value: the text stays as it is.</summary>
    Nothing = 0,

    /// <summary>Quoted text.</summary>
    Text = 1,

    /// <summary>Whole numbers; truth values count as such.</summary>
    Whole = 2,

    /// <summary>Numbers with a fraction.</summary>
    Real = 4,

    /// <summary>Truth values.</summary>
    Truth = 8,

    /// <summary>Lists.</summary>
    List = 16,

    /// <summary>Mappings.</summary>
    Map = 32,

    /// <summary>Tuples such as <c>1,2</c>.</summary>
    Tuple = 64,

    /// <summary>None.</summary>
    None = 128,

    /// <summary>Everything.</summary>
    All = 255,
}

/// <summary>
/// A text with <c>{{ expressions }}</c> and <c>{% statements %}</c>, as manifests hold them: read once, evaluated often. The rendered text is read as a value where it
/// is one (<see cref="LiteralText"/>), so <c>{{ 1 + 1 }}</c> is the number 2 and <c>{{ config['ids'] }}</c> a list. Safe to share between threads.
/// </summary>
internal sealed class Template
{
    readonly BlockPart? _body;
    readonly string[] _needed;
    readonly object? _constant;

    Template(string source, string text)
    {
        Source = source;
        _constant = Read(text, ValueKinds.All);
        Constant = text;
        _needed = [];
    }

    Template(string source, BlockPart body, string[] needed)
    {
        Source = source;
        _body = body;
        _needed = needed;
    }

    /// <summary>As it is written.</summary>
    public string Source { get; }

    /// <summary>The text, where it holds no expression; else null.</summary>
    public string? Constant { get; }

    /// <summary>The variables that it reads.</summary>
    public IReadOnlyList<string> Variables => _needed;

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateSyntaxException">It is not one; the message names the place and what was expected.</exception>
    public static Template Parse(string source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.Length > TemplateBudget.MaxText)
            throw new TemplateSyntaxException($"a template has {source.Length} characters: expected at most {TemplateBudget.MaxText}.");
        if (!source.Contains("{{", StringComparison.Ordinal) && !source.Contains("{%", StringComparison.Ordinal) && !source.Contains("{#", StringComparison.Ordinal))
            return new(source, TemplateLexer.WithoutLastLineEnd(source.ReplaceLineEndings("\n")));

        try
        {
            var parser = new TemplateParser(TemplateLexer.Read(source));
            var body = parser.Parse();
            return new(source, body, [.. parser.Needed.Order(StringComparer.Ordinal)]);
        }
        catch (TemplatePlaceException wrong)
        {
            throw new TemplateSyntaxException($"{Place(source, wrong.Position)}: {wrong.Message}") { Reason = wrong.Message };
        }
    }

    /// <summary>The value. One that renders to nothing is an empty text.</summary>
    /// <exception cref="UndefinedValueException">Something of a value that does not exist is used.</exception>
    /// <exception cref="TemplateException">It cannot be evaluated.</exception>
    public object? Evaluate(TemplateContext context, ValueKinds kinds = ValueKinds.All) =>
        _body is null && kinds == ValueKinds.All ? _constant : Read(Rendered(context), kinds);

    /// <summary>The value; where it renders to nothing or uses what does not exist, the other template's.</summary>
    public object? Evaluate(TemplateContext context, Template otherwise, ValueKinds kinds = ValueKinds.All) =>
        RenderedOrNull(context) is { } text ? Read(text, kinds) : otherwise.Evaluate(context, kinds);

    /// <summary>The value as an entry of a mapping: null where it renders to nothing or uses what does not exist.</summary>
    public object? EvaluateEntry(TemplateContext context, ValueKinds kinds = ValueKinds.All) =>
        RenderedOrNull(context) is { } text ? Read(text, kinds) : null;

    /// <summary>The rendered text, not read as a value; empty where it uses what does not exist.</summary>
    public string Text(TemplateContext context) => RenderedOrNull(context) ?? "";

    /// <summary>Whether it holds: not so where it renders to nothing, <c>False</c>, <c>false</c>, 0 or something empty, or uses what does not exist.</summary>
    public bool Holds(TemplateContext context)
    {
        if (RenderedOrNull(context) is not { } text)
            return false;
        return Read(text, ValueKinds.All) switch
        {
            "False" or "false" or "{}" or "[]" or "()" or "" or "0" or "0.0" => false,
            LowCodeMap { Count: 0 } or List<object?> { Count: 0 } or LowCodeTuple { Count: 0 } => false,
            null => true, // none counts: it is a value
            bool truth => truth,
            { } value when Numbers.Is(value) => Numbers.Real(value) != 0,
            _ => true,
        };
    }

    /// <inheritdoc />
    public override string ToString() => Source;

    static object? Read(string text, ValueKinds kinds) => LiteralText.TryRead(text, out var value) && (KindOf(value) & kinds) != ValueKinds.Nothing ? value : text;

    static ValueKinds KindOf(object? value) => value switch
    {
        null => ValueKinds.None,
        bool => ValueKinds.Truth | ValueKinds.Whole,
        string => ValueKinds.Text,
        double or decimal => ValueKinds.Real,
        List<object?> => ValueKinds.List,
        LowCodeMap => ValueKinds.Map,
        LowCodeTuple => ValueKinds.Tuple,
        _ => ValueKinds.Whole,
    };

    string? RenderedOrNull(TemplateContext context)
    {
        try
        {
            return Rendered(context) is { Length: > 0 } text ? text : null;
        }
        catch (UndefinedValueException)
        {
            return null;
        }
    }

    string Rendered(TemplateContext context)
    {
        if (_body is null)
            return Constant!;
        foreach (var name in _needed)
        {
            if (!context.TryFind(name, out _))
            {
                throw new TemplateException($"{Place(Source, Math.Max(0, Source.IndexOf(name, StringComparison.Ordinal)))}: there is no '{name}' here: {Contracts.Suggestion.Phrase(name, [.. context.Variables.Keys])}");
            }
        }

        var budget = new TemplateBudget();
        var output = new StringBuilder();
        try
        {
            _body.Render(new TemplateScope(context, budget), output);
            return output.ToString();
        }
        catch (ValueTypeException meaningless)
        {
            context.Unevaluated?.Invoke($"{Place(Source, budget.Position)}: {meaningless.Message}");
            return Source;
        }
        catch (UndefinedValueException missing)
        {
            throw new UndefinedValueException($"{Place(Source, budget.Position)}: {missing.Message}") { Reason = missing.Message };
        }
        catch (TemplateException failed)
        {
            throw new TemplateException($"{Place(Source, budget.Position)}: {failed.Message}", failed) { Reason = failed.Message };
        }
    }

    // Line only where there is more than one.
    static string Place(string source, int position)
    {
        var before = source.AsSpan(0, Math.Min(position, source.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        var shown = source.Length <= 120 ? source : source[..120] + "…";
        var where = source.Contains('\n', StringComparison.Ordinal) ? $"line {line}, column {column}" : $"column {column}";
        return $"template '{shown.ReplaceLineEndings(" ")}', {where}";
    }
}
