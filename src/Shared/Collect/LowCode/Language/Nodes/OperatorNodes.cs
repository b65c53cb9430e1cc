using System.Text;

namespace DataIngestion.Collect;

/// <summary><c>a if b else c</c>; without <c>else</c>, what does not hold is undefined.</summary>
internal sealed record ConditionalNode(int Position, ExpressionNode Condition, ExpressionNode Value, ExpressionNode? Otherwise) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope) =>
        Truth(Condition, scope) ? Value.Evaluate(scope)
        : Otherwise is null ? new Undefined("the value of an 'if' without 'else'")
        : Otherwise.Evaluate(scope);
}

/// <summary><c>and</c> and <c>or</c>, which give one of their operands.</summary>
internal sealed record LogicalNode(int Position, ExpressionNode Left, ExpressionNode Right, bool IsAnd) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        scope.Budget.Step(Position);
        var left = Left.Evaluate(scope);
        return Operators.Truth(left) == IsAnd ? Right.Evaluate(scope) : left;
    }
}

/// <summary><c>not</c>.</summary>
internal sealed record NotNode(int Position, ExpressionNode Value) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope) => !Truth(Value, scope);
}

/// <summary><c>+</c> and <c>-</c> before a value.</summary>
internal sealed record SignedNode(int Position, ExpressionNode Value, bool IsNegative) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var value = Value.Evaluate(scope);
        scope.Budget.Step(Position);
        return IsNegative ? Operators.Negate(value)
            : value is not null && Numbers.Is(value) ? value
            : Operators.Negate(value);
    }
}

/// <summary>Comparisons, which may follow one another: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed record ComparisonNode(int Position, ExpressionNode First, (string Sign, ExpressionNode Value)[] Rest) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var left = First.Evaluate(scope);
        foreach (var (sign, node) in Rest)
        {
            var right = node.Evaluate(scope);
            scope.Budget.Step(Position);
            if (!Holds(sign, left, right))
                return false;
            left = right;
        }

        return true;
    }

    /// <summary>Whether one comparison holds.</summary>
    public static bool Holds(string sign, object? left, object? right) => sign switch
    {
        "==" => Operators.Same(left, right),
        "!=" => !Operators.Same(left, right),
        "in" => Operators.Contains(right, left),
        "not in" => !Operators.Contains(right, left),
        "<" => Operators.Order(left, right) < 0,
        "<=" => Operators.Order(left, right) <= 0,
        ">" => Operators.Order(left, right) > 0,
        _ => Operators.Order(left, right) >= 0,
    };
}

/// <summary>Arithmetic.</summary>
internal sealed record BinaryNode(int Position, string Sign, ExpressionNode Left, ExpressionNode Right) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        var left = Left.Evaluate(scope);
        var right = Right.Evaluate(scope);
        scope.Budget.Step(Position);
        return Sign switch
        {
            "+" => Operators.Add(left, right, scope.Budget),
            "-" => Operators.Subtract(left, right),
            "*" => Operators.Multiply(left, right, scope.Budget),
            "/" => Operators.Divide(left, right),
            "//" => Operators.FloorDivide(left, right),
            "%" => Operators.Modulo(left, right, scope.Budget),
            _ => Operators.Power(left, right),
        };
    }
}

/// <summary><c>~</c>: values one after the other, as text.</summary>
internal sealed record ConcatenationNode(int Position, ExpressionNode[] Parts) : ExpressionNode(Position)
{
    public override object? Evaluate(TemplateScope scope)
    {
        scope.Budget.Step(Position);
        var text = new StringBuilder();
        foreach (var part in Parts)
            text.Append(PythonText.Str(part.Evaluate(scope)));
        return scope.Budget.Text(text.ToString());
    }
}
