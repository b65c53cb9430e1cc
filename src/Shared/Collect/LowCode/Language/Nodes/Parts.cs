using System.Text;

namespace DataIngestion.Collect;

/// <summary>A part of a template that writes.</summary>
internal abstract record TemplatePart
{
    public abstract void Render(TemplateScope scope, StringBuilder output);

    /// <summary>Writes a text within the bounds.</summary>
    protected static void Write(TemplateScope scope, StringBuilder output, string text)
    {
        output.Append(text);
        if (output.Length > TemplateBudget.MaxText)
            throw new TemplateException($"the output became longer than {TemplateBudget.MaxText} characters.");
    }
}

/// <summary>Parts one after the other.</summary>
internal sealed record BlockPart(TemplatePart[] Parts) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        foreach (var part in Parts)
            part.Render(scope, output);
    }

    /// <summary>What it writes.</summary>
    public string Text(TemplateScope scope)
    {
        var text = new StringBuilder();
        Render(scope, text);
        return scope.Budget.Text(text.ToString());
    }
}

/// <summary>Text as it is.</summary>
internal sealed record TextPart(string Text) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output) => Write(scope, output, Text);
}

/// <summary><c>{{ value }}</c>.</summary>
internal sealed record OutputPart(ExpressionNode Value) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output) => Write(scope, output, PythonText.Str(Value.Evaluate(scope)));
}

/// <summary><c>{% if %}</c>.</summary>
internal sealed record IfPart((ExpressionNode Condition, BlockPart Body)[] Branches, BlockPart? Otherwise) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        foreach (var (condition, body) in Branches)
        {
            if (Operators.Truth(condition.Evaluate(scope)))
            {
                body.Render(scope, output);
                return;
            }
        }

        Otherwise?.Render(scope, output);
    }
}

/// <summary><c>{% set name = value %}</c>.</summary>
internal sealed record SetPart(int Position, string[] Targets, ExpressionNode Value) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        scope.Budget.Step(Position);
        scope.Unpack(Targets, Value.Evaluate(scope));
    }
}

/// <summary><c>{% set space.name = value %}</c> for what <c>namespace()</c> made.</summary>
internal sealed record SetMember(int Position, ExpressionNode Holder, string Member, ExpressionNode Value) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        scope.Budget.Step(Position);
        if (Holder.Evaluate(scope) is not NamespaceValue space)
            throw new TemplateException("only what namespace() made can have its names set.");
        space.Members[Member] = Value.Evaluate(scope);
    }
}

/// <summary><c>{% set name %}…{% endset %}</c>.</summary>
internal sealed record SetBlock(int Position, string Target, BlockPart Body, ExpressionNode? Filters, HoleNode Hole) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        scope.Budget.Step(Position);
        var inner = scope.Inner();
        object? value = Body.Text(inner);
        inner.Set(HoleNode.Name, value);
        scope.Set(Target, Filters is null ? value : Filters.Evaluate(inner));
    }
}

/// <summary><c>{% filter name %}…{% endfilter %}</c>.</summary>
internal sealed record FilterPart(ExpressionNode Filters, HoleNode Hole, BlockPart Body) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        var inner = scope.Inner();
        inner.Set(HoleNode.Name, Body.Text(inner));
        Write(scope, output, PythonText.Str(Filters.Evaluate(inner)));
    }
}

/// <summary><c>{% with name = value %}…{% endwith %}</c>.</summary>
internal sealed record WithPart((string Name, ExpressionNode Value)[] Values, BlockPart Body) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        var inner = scope.Inner();
        foreach (var (name, value) in Values)
            inner.Set(name, value.Evaluate(scope));
        Body.Render(inner, output);
    }
}
