namespace DataIngestion.Collect;

/// <summary>The pieces of a template, read one by one.</summary>
internal sealed class TokenStream(IReadOnlyList<Token> tokens)
{
    int _at;
    int _depth;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool TakeSign(string sign) => Taken(Current.Is(sign));

    public bool TakeName(string name) => Taken(Current.IsName(name));

    public Token Expect(TokenKind kind, string what) => Current.Kind == kind ? Take() : throw Fault($"expected {what}, got {Current.Shown}.");

    public void ExpectSign(string sign)
    {
        if (!TakeSign(sign))
            throw Fault($"expected '{sign}', got {Current.Shown}.");
    }

    public void ExpectName(string name)
    {
        if (!TakeName(name))
            throw Fault($"expected '{name}', got {Current.Shown}.");
    }

    public TemplatePlaceException Fault(string message) => new(Current.Position, message);

    /// <summary>Goes one level deeper; <see cref="Leave"/> comes back.</summary>
    public void Enter()
    {
        if (++_depth > TemplateBudget.MaxDepth)
            throw Fault($"nested deeper than {TemplateBudget.MaxDepth} levels.");
    }

    public void Leave() => _depth--;

    bool Taken(bool fits)
    {
        if (fits)
            Take();
        return fits;
    }
}
