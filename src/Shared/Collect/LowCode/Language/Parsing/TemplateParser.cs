namespace DataIngestion.Collect;

/// <summary>Reads a template: text, expressions and statements.</summary>
internal sealed class TemplateParser
{
    static readonly string[] Known = ["if", "for", "set", "filter", "with"];

    readonly TokenStream _tokens;
    readonly NameScopes _names = new();
    readonly ExpressionParser _expressions;

    public TemplateParser(IReadOnlyList<Token> tokens)
    {
        _tokens = new(tokens);
        _expressions = new(_tokens, _names);
    }

    /// <summary>Variables that it needs from outside.</summary>
    public IReadOnlySet<string> Needed => _names.Needed;

    public BlockPart Parse()
    {
        var body = Body();
        return _tokens.Current.Kind is TokenKind.End ? body : throw _tokens.Fault($"nothing is open that {_tokens.Current.Shown} could end.");
    }

    // Up to one of the statements named, which stays unread, or to the end.
    BlockPart Body(params ReadOnlySpan<string> ends)
    {
        _tokens.Enter();
        var parts = new List<TemplatePart>();
        while (true)
        {
            var token = _tokens.Current;
            if (token.Kind is TokenKind.End || (token.Kind is TokenKind.OpenStatement && _tokens.Next.Kind is TokenKind.Name && ends.Contains(_tokens.Next.Text)))
                break;
            parts.Add(token.Kind switch
            {
                TokenKind.Text => new TextPart(_tokens.Take().Text),
                TokenKind.OpenExpression => Output(),
                TokenKind.OpenStatement => Statement(),
                _ => throw _tokens.Fault($"{token.Shown} is out of place."),
            });
        }

        _tokens.Leave();
        return new([.. parts]);
    }

    TemplatePart Output()
    {
        _tokens.Take();
        var value = _expressions.ParseTuple();
        _tokens.Expect(TokenKind.CloseExpression, "'}}' or an operator");
        return new OutputPart(value);
    }

    TemplatePart Statement()
    {
        _tokens.Take();
        var word = _tokens.Expect(TokenKind.Name, "a statement such as 'if'");
        return word.Text switch
        {
            "if" => If(),
            "for" => For(word.Position),
            "set" => Set(),
            "filter" => FilterBlock(),
            "with" => With(),
            "include" or "import" or "from" or "extends" or "block" => throw new TemplatePlaceException(word.Position, $"'{word.Text}' is refused: a template reads no other."),
            "macro" or "call" or "do" or "autoescape" or "trans" or "break" or "continue" or "debug" =>
                throw new TemplatePlaceException(word.Position, $"the statement '{word.Text}' is not supported: expected one of {string.Join(", ", Known)}."),
            _ => throw new TemplatePlaceException(word.Position, $"there is no statement '{word.Text}' here: {Contracts.Suggestion.Phrase(word.Text, Known)}"),
        };
    }

    IfPart If()
    {
        var branches = new List<(ExpressionNode, BlockPart)>();
        var condition = _expressions.ParseTuple();
        while (true)
        {
            Close();
            branches.Add((condition, Body("elif", "else", "endif")));
            var end = Ending("'{% endif %}'");
            if (end == "elif")
            {
                condition = _expressions.ParseTuple();
                continue;
            }

            BlockPart? otherwise = null;
            if (end == "else")
            {
                Close();
                otherwise = Body("endif");
                Ending("'{% endif %}'");
            }

            Close();
            return new([.. branches], otherwise);
        }
    }

    ForPart For(int position)
    {
        var targets = Targets();
        _tokens.ExpectName("in");
        var list = _expressions.WithoutConditional();
        _names.Open();
        foreach (var target in targets)
            _names.Set(target);
        var condition = _tokens.TakeName("if") ? _expressions.Parse() : null;
        if (_tokens.Current.IsName("recursive"))
            throw _tokens.Fault("loops that call themselves are not supported.");
        Close();
        _names.Set("loop");
        var body = Body("else", "endfor");
        _names.Close();
        BlockPart? otherwise = null;
        if (Ending("'{% endfor %}'") == "else")
        {
            Close();
            otherwise = Body("endfor");
            Ending("'{% endfor %}'");
        }

        Close();
        return new(position, targets, list, condition, body, otherwise);
    }

    TemplatePart Set()
    {
        var at = _tokens.Current.Position;
        if (_tokens.Next.Is("."))
        {
            var holder = _names.Read(_tokens.Take());
            _tokens.Take();
            var member = _tokens.Expect(TokenKind.Name, "a name").Text;
            _tokens.ExpectSign("=");
            var assigned = _expressions.ParseTuple();
            Close();
            return new SetMember(at, holder, member, assigned);
        }

        var targets = Targets();
        if (_tokens.TakeSign("="))
        {
            var value = _expressions.ParseTuple();
            Close();
            foreach (var target in targets)
                _names.Set(target);
            return new SetPart(at, targets, value);
        }

        if (targets is not [var name])
            throw _tokens.Fault("expected '='.");
        var (filters, hole) = Filters();
        Close();
        var body = Body("endset");
        Ending("'{% endset %}'");
        Close();
        _names.Set(name);
        return new SetBlock(at, name, body, filters, hole);
    }

    FilterPart FilterBlock()
    {
        var hole = new HoleNode();
        var filters = _expressions.Filter(hole);
        while (_tokens.TakeSign("|"))
            filters = _expressions.Filter(filters);
        Close();
        var body = Body("endfilter");
        Ending("'{% endfilter %}'");
        Close();
        return new(filters, hole, body);
    }

    WithPart With()
    {
        var values = new List<(string, ExpressionNode)>();
        while (_tokens.Current.Kind is not TokenKind.CloseStatement)
        {
            if (values.Count > 0)
                _tokens.ExpectSign(",");
            var name = _tokens.Expect(TokenKind.Name, "a name").Text;
            _tokens.ExpectSign("=");
            values.Add((name, _expressions.Parse()));
        }

        Close();
        _names.Open();
        foreach (var (name, _) in values)
            _names.Set(name);
        var body = Body("endwith");
        _names.Close();
        Ending("'{% endwith %}'");
        Close();
        return new([.. values], body);
    }

    (ExpressionNode?, HoleNode) Filters()
    {
        var hole = new HoleNode();
        ExpressionNode value = hole;
        while (_tokens.TakeSign("|"))
            value = _expressions.Filter(value);
        return (ReferenceEquals(value, hole) ? null : value, hole);
    }

    string[] Targets()
    {
        var targets = new List<string>();
        var isClosed = _tokens.TakeSign("(");
        do
        {
            if (targets.Count > 0 && _tokens.Current.Kind is not TokenKind.Name)
                break;
            targets.Add(_tokens.Expect(TokenKind.Name, "a name").Text);
        }
        while (_tokens.TakeSign(","));
        if (isClosed)
            _tokens.ExpectSign(")");
        return [.. targets];
    }

    string Ending(string expected)
    {
        if (_tokens.Current.Kind is TokenKind.End)
            throw _tokens.Fault($"the template ends too early: expected {expected}.");
        _tokens.Take();
        return _tokens.Take().Text;
    }

    // A colon may stand before the end, as in Python.
    void Close()
    {
        _tokens.TakeSign(":");
        _tokens.Expect(TokenKind.CloseStatement, "'%}'");
    }
}
