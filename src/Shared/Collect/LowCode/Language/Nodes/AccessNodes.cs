namespace DataIngestion.Collect;

/// <summary><c>a.b</c>: a method or property of the value, then the entry of that name.</summary>
internal sealed record AttributeNode(int Position, ExpressionNode Value, string Name) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var value = Value.Evaluate(scope);
        scope.Budget.Step(Position);
        return ValueAccess.Attribute(value, Name);
    }
}

/// <summary><c>a['b']</c>, <c>a[0]</c>, <c>a[1:3]</c>: an entry, an element, a part.</summary>
internal sealed record SubscriptNode(int Position, ExpressionNode Value, ExpressionNode Place) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var value = Value.Evaluate(scope);
        if (Place is SliceNode slice)
            return slice.Cut(value, scope);
        var place = Place.Evaluate(scope);
        scope.Budget.Step(Position);
        return ValueAccess.Element(value, place);
    }
}

/// <summary><c>from:to:step</c> in brackets.</summary>
internal sealed record SliceNode(int Position, ExpressionNode? From, ExpressionNode? To, ExpressionNode? By) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope) => throw new TemplateException("':' has a meaning only alone in brackets.");

    /// <summary>The part of a value.</summary>
    public object? Cut(object? value, TemplateScope scope)
    {
        int? from = Number(From, scope), to = Number(To, scope), by = Number(By, scope);
        scope.Budget.Step(Position);
        return value switch
        {
            string text => Characters.Take(text, Places(Characters.Count(text), from, to, by ?? 1)),
            List<object?> list => scope.Budget.List([.. Places(list.Count, from, to, by ?? 1).Select(i => list[i])]),
            LowCodeTuple tuple => new LowCodeTuple([.. Places(tuple.Count, from, to, by ?? 1).Select(i => tuple[i])]),
            Undefined undefined => throw undefined.Fault(),
            _ => new Undefined("a part of " + ValueNames.Of(value)),
        };
    }

    static int? Number(ExpressionNode? node, TemplateScope scope) =>
        node?.Evaluate(scope) is { } value ? Numbers.Int(value, "a bound of a part") : null;

    static IEnumerable<int> Places(int count, int? from, int? to, int by)
    {
        if (by == 0)
            throw new TemplateException("the step of a part is 0.");
        if (by > 0)
        {
            var end = Clamp(to ?? count, count, 0, count);
            for (long i = Clamp(from ?? 0, count, 0, count); i < end; i += by)
                yield return (int)i;
        }
        else
        {
            var end = to is { } t ? Clamp(t, count, -1, count - 1) : -1;
            for (long i = from is { } f ? Clamp(f, count, -1, count - 1) : count - 1; i > end; i += by)
                yield return (int)i;
        }
    }

    static int Clamp(int place, int count, int least, int most) => (int)Math.Clamp(place < 0 ? (long)place + count : place, least, Math.Max(least, most));
}
