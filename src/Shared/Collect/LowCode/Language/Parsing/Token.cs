namespace DataIngestion.Collect;

/// <summary>What a piece of a template is.</summary>
internal enum TokenKind
{
    Text,
    OpenExpression,
    CloseExpression,
    OpenStatement,
    CloseStatement,
    Name,
    Quoted,
    Number,
    Sign,
    End,
}

/// <summary>One piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; of quoted text its content.</param>
/// <param name="Position">Where it begins, from 0.</param>
/// <param name="Value">The number, where it is one.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, object? Value = null)
{
    public bool Is(string sign) => Kind is TokenKind.Sign && Text == sign;

    public bool IsName(string name) => Kind is TokenKind.Name && Text == name;

    /// <summary>For messages.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.CloseExpression => "'}}'",
        TokenKind.CloseStatement => "'%}'",
        TokenKind.Text => "text",
        _ => $"'{(Text.Length <= 40 ? Text : Text[..40] + "…")}'",
    };
}
