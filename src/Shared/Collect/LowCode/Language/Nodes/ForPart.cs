using System.Text;

namespace DataIngestion.Collect;

/// <summary><c>{% for name in list if condition %}…{% else %}…{% endfor %}</c>. What the body sets is forgotten after each turn.</summary>
internal sealed record ForPart(int Position, string[] Targets, ExpressionNode List, ExpressionNode? Condition, BlockPart Body, BlockPart? Otherwise) : TemplatePart
{
    public override void Render(TemplateScope scope, StringBuilder output)
    {
        scope.Budget.Step(Position);
        var items = Operators.Items(List.Evaluate(scope));
        if (Condition is not null)
            items = [.. items.Where(i => Fits(scope, i))];
        for (var i = 0; i < items.Count; i++)
        {
            scope.Budget.Step(Position);
            var turn = scope.Inner();
            turn.Unpack(Targets, items[i]);
            turn.Set("loop", new LoopValue(items, i));
            Body.Render(turn, output);
        }

        if (items.Count == 0)
            Otherwise?.Render(scope, output);
    }

    bool Fits(TemplateScope scope, object? item)
    {
        var turn = scope.Inner();
        turn.Unpack(Targets, item);
        return Operators.Truth(Condition!.Evaluate(turn));
    }
}

/// <summary><c>loop</c> inside a loop.</summary>
internal sealed record LoopValue(IReadOnlyList<object?> Items, int Index)
{
    public object? Find(string name) => name switch
    {
        "index" => (long)Index + 1,
        "index0" => (long)Index,
        "revindex" => (long)Items.Count - Index,
        "revindex0" => (long)Items.Count - Index - 1,
        "first" => Index == 0,
        "last" => Index == Items.Count - 1,
        "length" => (long)Items.Count,
        "previtem" when Index > 0 => Items[Index - 1],
        "nextitem" when Index < Items.Count - 1 => Items[Index + 1],
        _ => new Undefined($"loop.{name}"),
    };
}

/// <summary>What <c>namespace()</c> makes: names that loops may set for what is outside them.</summary>
internal sealed record NamespaceValue(LowCodeMap Members);
