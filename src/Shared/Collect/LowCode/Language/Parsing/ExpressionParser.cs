namespace DataIngestion.Collect;

/// <summary>Reads expressions: the operators of Jinja, in its order of precedence.</summary>
internal sealed class ExpressionParser(TokenStream tokens, NameScopes names)
{
    static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    /// <summary>An expression, <c>a if b else c</c> included.</summary>
    public ExpressionNode Parse()
    {
        tokens.Enter();
        var value = Or();
        while (tokens.Current.IsName("if"))
        {
            var at = tokens.Take().Position;
            var condition = Or();
            var otherwise = tokens.TakeName("else") ? Parse() : null;
            value = new ConditionalNode(at, condition, value, otherwise);
        }

        tokens.Leave();
        return value;
    }

    /// <summary>An expression without <c>if</c>, as a loop's list is, whose <c>if</c> is the loop's own.</summary>
    public ExpressionNode WithoutConditional()
    {
        var first = Or();
        if (!tokens.Current.Is(","))
            return first;
        var at = tokens.Current.Position;
        var items = new List<ExpressionNode> { first };
        while (tokens.TakeSign(",") && !IsEnd())
            items.Add(Or());
        return new SequenceNode(at, [.. items], IsTuple: true);
    }

    /// <summary>An expression, or several with commas between them, which are a tuple.</summary>
    public ExpressionNode ParseTuple()
    {
        var first = Parse();
        if (!tokens.Current.Is(","))
            return first;
        var at = tokens.Current.Position;
        var items = new List<ExpressionNode> { first };
        while (tokens.TakeSign(",") && !IsEnd())
            items.Add(Parse());
        return new SequenceNode(at, [.. items], IsTuple: true);
    }

    /// <summary>The filters behind a value, or behind <c>{% filter</c>.</summary>
    public ExpressionNode Filter(ExpressionNode value)
    {
        var name = tokens.Expect(TokenKind.Name, "the name of a filter");
        if (!TemplateFilters.All.TryGetValue(name.Text, out var filter))
            throw new TemplatePlaceException(name.Position, $"there is no filter '{name.Text}': {Contracts.Suggestion.Phrase(name.Text, [.. TemplateFilters.All.Keys])}");
        var arguments = tokens.Current.Is("(") ? Arguments() : CallArguments.None;
        return new FilterNode(name.Position, name.Text, filter, value, arguments);
    }

    bool IsEnd() => tokens.Current.Kind is TokenKind.CloseExpression or TokenKind.CloseStatement || tokens.Current.Is(")") || tokens.Current.IsName("in");

    ExpressionNode Or()
    {
        var left = And();
        while (tokens.Current.IsName("or"))
            left = new LogicalNode(tokens.Take().Position, left, And(), IsAnd: false);
        return left;
    }

    ExpressionNode And()
    {
        var left = Not();
        while (tokens.Current.IsName("and"))
            left = new LogicalNode(tokens.Take().Position, left, Not(), IsAnd: true);
        return left;
    }

    ExpressionNode Not()
    {
        if (!tokens.Current.IsName("not"))
            return Compare();
        var at = tokens.Take().Position;
        tokens.Enter();
        var value = Not();
        tokens.Leave();
        return new NotNode(at, value);
    }

    ExpressionNode Compare()
    {
        var at = tokens.Current.Position;
        var first = Sum();
        var rest = new List<(string, ExpressionNode)>();
        while (true)
        {
            if (tokens.Current.Kind is TokenKind.Sign && Comparisons.Contains(tokens.Current.Text))
                rest.Add((tokens.Take().Text, Sum()));
            else if (tokens.TakeName("in"))
                rest.Add(("in", Sum()));
            else if (tokens.Current.IsName("not") && tokens.Next.IsName("in"))
                rest.Add((NotIn(), Sum()));
            else
                return rest.Count == 0 ? first : new ComparisonNode(at, first, [.. rest]);
        }
    }

    string NotIn()
    {
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    ExpressionNode Sum()
    {
        var left = Concatenation();
        while (tokens.Current.Is("+") || tokens.Current.Is("-"))
        {
            var sign = tokens.Take();
            left = new BinaryNode(sign.Position, sign.Text, left, Concatenation());
        }

        return left;
    }

    ExpressionNode Concatenation()
    {
        var at = tokens.Current.Position;
        var parts = new List<ExpressionNode> { Product() };
        while (tokens.TakeSign("~"))
            parts.Add(Product());
        return parts is [var only] ? only : new ConcatenationNode(at, [.. parts]);
    }

    ExpressionNode Product()
    {
        var left = Power();
        while (tokens.Current.Kind is TokenKind.Sign && tokens.Current.Text is "*" or "/" or "//" or "%")
        {
            var sign = tokens.Take();
            left = new BinaryNode(sign.Position, sign.Text, left, Power());
        }

        return left;
    }

    ExpressionNode Power()
    {
        var left = Unary(withFilter: true);
        while (tokens.Current.Is("**"))
        {
            var sign = tokens.Take();
            left = new BinaryNode(sign.Position, sign.Text, left, Unary(withFilter: true));
        }

        return left;
    }

    ExpressionNode Unary(bool withFilter)
    {
        ExpressionNode value;
        if (tokens.Current.Is("-") || tokens.Current.Is("+"))
        {
            var sign = tokens.Take();
            tokens.Enter();
            value = new SignedNode(sign.Position, Unary(withFilter: false), sign.Text == "-");
            tokens.Leave();
        }
        else
        {
            value = Primary();
        }

        value = Postfix(value);
        return withFilter ? Filtered(value) : value;
    }

    ExpressionNode Postfix(ExpressionNode value)
    {
        while (true)
        {
            if (tokens.Current.Is("."))
                value = Attribute(value);
            else if (tokens.Current.Is("["))
                value = Subscript(value);
            else if (tokens.Current.Is("("))
                value = new CallNode(tokens.Current.Position, value, Arguments());
            else
                return value;
        }
    }

    ExpressionNode Filtered(ExpressionNode value)
    {
        while (true)
        {
            if (tokens.TakeSign("|"))
                value = Filter(value);
            else if (tokens.Current.IsName("is"))
                value = Test(value);
            else if (tokens.Current.Is("("))
                value = new CallNode(tokens.Current.Position, value, Arguments());
            else
                return value;
        }
    }

    ExpressionNode Test(ExpressionNode value)
    {
        tokens.Take();
        var isNegated = tokens.TakeName("not");
        var name = tokens.Expect(TokenKind.Name, "the name of a test");
        if (!TemplateTests.All.TryGetValue(name.Text, out var test))
            throw new TemplatePlaceException(name.Position, $"there is no test '{name.Text}': {Contracts.Suggestion.Phrase(name.Text, [.. TemplateTests.All.Keys])}");
        CallArguments arguments = CallArguments.None;
        if (tokens.Current.Is("("))
        {
            arguments = Arguments();
        }
        else if (BeginsArgument())
        {
            if (tokens.Current.IsName("is"))
                throw tokens.Fault("tests cannot follow one another: expected 'and' between them.");
            arguments = new([Postfix(Primary())], [], null);
        }

        ExpressionNode tested = new TestNode(name.Position, name.Text, test, value, arguments);
        return isNegated ? new NotNode(name.Position, tested) : tested;
    }

    bool BeginsArgument() =>
        tokens.Current.Kind is TokenKind.Quoted or TokenKind.Number || tokens.Current.Is("[") || tokens.Current.Is("{")
        || (tokens.Current.Kind is TokenKind.Name && tokens.Current.Text is not ("else" or "or" or "and" or "if" or "in" or "not" or "for" or "recursive"));

    ExpressionNode Attribute(ExpressionNode value)
    {
        var at = tokens.Take().Position;
        if (tokens.Current.Kind is TokenKind.Number)
            return new SubscriptNode(at, value, new ConstantNode(tokens.Current.Position, tokens.Take().Value));
        return new AttributeNode(at, value, tokens.Expect(TokenKind.Name, "a name or a number after '.'").Text);
    }

    ExpressionNode Subscript(ExpressionNode value)
    {
        var at = tokens.Take().Position;
        tokens.Enter();
        var parts = new List<ExpressionNode>();
        while (!tokens.Current.Is("]"))
        {
            if (parts.Count > 0)
                tokens.ExpectSign(",");
            parts.Add(Place());
        }

        tokens.ExpectSign("]");
        tokens.Leave();
        return parts.Count switch
        {
            0 => throw new TemplatePlaceException(at, "expected a name or a number in '[]'."),
            1 => new SubscriptNode(at, value, parts[0]),
            _ => new SubscriptNode(at, value, new SequenceNode(at, [.. parts], IsTuple: true)),
        };
    }

    ExpressionNode Place()
    {
        var at = tokens.Current.Position;
        var from = tokens.Current.Is(":") ? null : Parse();
        if (!tokens.TakeSign(":"))
            return from!;
        var to = tokens.Current.Is(":") || tokens.Current.Is("]") || tokens.Current.Is(",") ? null : Parse();
        var step = tokens.TakeSign(":") && !tokens.Current.Is("]") && !tokens.Current.Is(",") ? Parse() : null;
        return new SliceNode(at, from, to, step);
    }

    CallArguments Arguments()
    {
        var at = tokens.Current.Position;
        tokens.ExpectSign("(");
        var placed = new List<ExpressionNode>();
        var named = new List<(string, ExpressionNode)>();
        ExpressionNode? more = null;
        while (!tokens.Current.Is(")"))
        {
            if (placed.Count + named.Count > 0 || more is not null)
            {
                tokens.ExpectSign(",");
                if (tokens.Current.Is(")"))
                    break;
            }

            if (tokens.Current.Is("**"))
                throw tokens.Fault("'**' before an argument is not supported: write the arguments out.");
            if (tokens.TakeSign("*"))
                more = Parse();
            else if (tokens.Current.Kind is TokenKind.Name && tokens.Next.Is("="))
                named.Add((Named(), Parse()));
            else if (named.Count > 0 || more is not null)
                throw new TemplatePlaceException(at, "an argument without a name follows one with a name: expected the named ones last.");
            else
                placed.Add(Parse());
        }

        tokens.ExpectSign(")");
        return new([.. placed], [.. named], more);
    }

    string Named()
    {
        var name = tokens.Take().Text;
        tokens.Take();
        return name;
    }

    ExpressionNode Primary()
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                tokens.Take();
                return new ConstantNode(token.Position, token.Value);
            case TokenKind.Quoted:
                var text = tokens.Take().Text;
                while (tokens.Current.Kind is TokenKind.Quoted)
                    text += tokens.Take().Text;
                return new ConstantNode(token.Position, text);
            case TokenKind.Name:
                tokens.Take();
                return token.Text switch
                {
                    "true" or "True" => new ConstantNode(token.Position, true),
                    "false" or "False" => new ConstantNode(token.Position, false),
                    "none" or "None" => new ConstantNode(token.Position, null),
                    _ => names.Read(token),
                };
            case TokenKind.Sign when token.Text == "(":
                return Parenthesised();
            case TokenKind.Sign when token.Text == "[":
                return new SequenceNode(token.Position, Items("[", "]"), IsTuple: false);
            case TokenKind.Sign when token.Text == "{":
                return Entries();
            default:
                throw tokens.Fault($"expected a value, got {token.Shown}.");
        }
    }

    ExpressionNode Parenthesised()
    {
        var at = tokens.Take().Position;
        if (tokens.TakeSign(")"))
            return new SequenceNode(at, [], IsTuple: true);
        tokens.Enter();
        var value = ParseTuple();
        tokens.ExpectSign(")");
        tokens.Leave();
        return value;
    }

    ExpressionNode[] Items(string open, string close)
    {
        tokens.ExpectSign(open);
        var items = new List<ExpressionNode>();
        while (!tokens.Current.Is(close))
        {
            if (items.Count > 0)
                tokens.ExpectSign(",");
            if (tokens.Current.Is(close))
                break;
            items.Add(Parse());
        }

        tokens.ExpectSign(close);
        return [.. items];
    }

    ExpressionNode Entries()
    {
        var at = tokens.Take().Position;
        var entries = new List<(ExpressionNode, ExpressionNode)>();
        while (!tokens.Current.Is("}"))
        {
            if (entries.Count > 0)
                tokens.ExpectSign(",");
            if (tokens.Current.Is("}"))
                break;
            var key = Parse();
            tokens.ExpectSign(":");
            entries.Add((key, Parse()));
        }

        tokens.ExpectSign("}");
        return new MappingNode(at, [.. entries]);
    }
}
