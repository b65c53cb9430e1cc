namespace DataIngestion.Collect;

/// <summary>Arguments as they are written.</summary>
internal sealed record CallArguments(ExpressionNode[] Placed, (string Name, ExpressionNode Value)[] Named, ExpressionNode? More)
{
    public static readonly CallArguments None = new([], [], null);

    public CallValues Evaluate(TemplateScope scope)
    {
        var placed = new List<object?>(Placed.Length);
        foreach (var argument in Placed)
            placed.Add(argument.Evaluate(scope));
        if (More is not null)
            placed.AddRange(Operators.Items(More.Evaluate(scope)));
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in Named)
            named[name] = value.Evaluate(scope);
        return new(placed, named, scope);
    }
}

/// <summary>A call of a function or method.</summary>
internal sealed record CallNode(int Position, ExpressionNode Target, CallArguments Arguments) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var target = Target.Evaluate(scope);
        var values = Arguments.Evaluate(scope);
        scope.Budget.Step(Position);
        return target switch
        {
            ICallable callable => callable.Call(values),
            Undefined undefined => throw undefined.Fault(),
            _ => throw new ValueTypeException($"{ValueNames.Of(target)} cannot be called: expected a function."),
        };
    }
}

/// <summary>A filter.</summary>
internal sealed record FilterNode(int Position, string Name, Func<object?, CallValues, object?> Filter, ExpressionNode Value, CallArguments Arguments) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var value = Value.Evaluate(scope);
        var values = Arguments.Evaluate(scope);
        scope.Budget.Step(Position);
        return Filter(value, values.Of($"filter '{Name}'"));
    }
}

/// <summary>A test.</summary>
internal sealed record TestNode(int Position, string Name, Func<object?, CallValues, bool> Test, ExpressionNode Value, CallArguments Arguments) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var value = Value.Evaluate(scope);
        var values = Arguments.Evaluate(scope);
        scope.Budget.Step(Position);
        return Test(value, values.Of($"test '{Name}'"));
    }
}
