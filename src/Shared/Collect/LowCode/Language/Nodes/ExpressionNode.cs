namespace DataIngestion.Collect;

/// <summary>A part of a template that has a value.</summary>
/// <param name="Position">Where it is in the template, from 0.</param>
internal abstract record ExpressionNode(int Position)
{
    public abstract object? Evaluate(TemplateScope scope);

    /// <summary>The value; one that does not exist fails where it matters, not here.</summary>
    protected static bool Truth(ExpressionNode node, TemplateScope scope) => Operators.Truth(node.Evaluate(scope));
}

/// <summary>A value written in the template.</summary>
internal sealed record ConstantNode(int Position, object? Value) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope) => Value;
}

/// <summary>A name.</summary>
internal sealed record NameNode(int Position, string Text) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        scope.Budget.Step(Position);
        return scope.Get(Text);
    }
}

/// <summary>The value that a filter is applied to where that is a block of text.</summary>
internal sealed record HoleNode() : ExpressionNode(0)
{
    public const string Name = "\0block";

    public override object? Evaluate(TemplateScope scope) => scope.Get(Name);
}

/// <summary>A list or a tuple.</summary>
internal sealed record SequenceNode(int Position, ExpressionNode[] Items, bool IsTuple) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        scope.Budget.Step(Position);
        var values = new List<object?>(Items.Length);
        foreach (var item in Items)
            values.Add(item.Evaluate(scope));
        return IsTuple ? new LowCodeTuple(values) : values;
    }
}

/// <summary>A mapping.</summary>
internal sealed record MappingNode(int Position, (ExpressionNode Key, ExpressionNode Value)[] Entries) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        scope.Budget.Step(Position);
        var map = new LowCodeMap();
        foreach (var (key, value) in Entries)
            map[MapKey.Of(key.Evaluate(scope))] = value.Evaluate(scope);
        return map;
    }
}
