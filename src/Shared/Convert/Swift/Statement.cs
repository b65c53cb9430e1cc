namespace DataIngestion.Conversion.Swift;

/// <summary>An entry of a statement.</summary>
internal sealed class StatementEntry(SwiftField source)
{
    public SwiftField Field => source;

    /// <summary>Null where field 61 is not understood.</summary>
    public StatementLine? Line { get; } = StatementLine.Parse(source.Value);

    /// <summary>Field 86 of the entry; several are put together, as some banks write one a line.</summary>
    public string? Details { get; set; }

    /// <summary>Field NS, which is none of SWIFT's.</summary>
    public string? NonSwift { get; set; }
}

/// <summary>A balance of a statement.</summary>
/// <param name="Balance">Null where the field is not understood.</param>
internal sealed record StatementBalance(SwiftField Field, string Kind, SwiftBalance? Balance);

/// <summary>A statement of account: MT 940, 941, 942 or 950.</summary>
internal sealed class Statement
{
    public required SwiftMessage Message { get; init; }

    public string? Reference { get; private init; }

    public string? RelatedReference { get; private init; }

    public string? Account { get; private init; }

    public string? Number { get; private init; }

    public string? Sequence { get; private init; }

    public List<StatementEntry> Entries { get; } = [];

    public List<StatementBalance> Balances { get; } = [];

    /// <summary>Field 86 of the statement as a whole.</summary>
    public string? Information { get; private set; }

    public string? NonSwift { get; private set; }

    /// <summary>The currency of its balances or its floor limit; null where nothing says it.</summary>
    public string? Currency { get; private set; }

    public SwiftBalance? Opening => Find("opening");

    public SwiftBalance? Closing => Find("closing");

    SwiftBalance? Find(string kind) => Balances.Find(b => b.Kind == kind || b.Kind == "intermediate_" + kind)?.Balance;

    /// <summary>What all entries change; null where one is not understood.</summary>
    public SwiftAmount? Sum => Entries.TrueForAll(e => e.Line is not null) ? Entries.Aggregate(SwiftAmount.Zero, (sum, e) => sum.Add(e.Line!.Amount)) : null;

    /// <summary>Whether opening balance and entries are the closing balance; null where that cannot be said.</summary>
    public bool? IsBalanced => Opening is { } opening && Closing is { } closing && Sum is { } sum ? opening.Amount.Add(sum).Is(closing.Amount) : null;

    public static Statement Of(SwiftMessage message)
    {
        var number = NumberOf(message.AnyField("28C", "28"));
        var account = message.AnyField("25", "25P")?.Split('\n')[0].Trim();
        var statement = new Statement
        {
            Message = message,
            Reference = message.Field("20")?.Trim(),
            RelatedReference = message.Field("21")?.Trim(),
            Account = account,
            Number = number?[0].Trim(),
            Sequence = number is [_, var sequence] ? sequence.Trim() : null,
        };
        StatementEntry? entry = null;
        foreach (var field in message.Fields)
            entry = statement.Add(field, entry);
        statement.Currency = statement.Balances.Find(b => b.Balance?.Currency is not null)?.Balance!.Currency ?? CurrencyOf(message.Field("34F")) ?? CurrencyOf(message.AnyField("90C", "90D")?.TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'));
        return statement;
    }

    /// <summary><c>5n[/5n]</c>; where both are written without the stroke, the number has the first five digits.</summary>
    static string[]? NumberOf(string? text)
    {
        var line = text?.Split('\n')[0].Trim();
        const int Digits = 5;
        return line is { Length: > Digits and <= Digits * 2 } && line.All(char.IsAsciiDigit) ? [line[..Digits], line[Digits..]] : line?.Split('/', 2);
    }

    static string? CurrencyOf(string? text) => text is { Length: >= 3 } && text.AsSpan(0, 3).IndexOfAnyExceptInRange('A', 'Z') < 0 ? text[..3] : null;

    /// <returns>The entry that a field 86 behind this one belongs to.</returns>
    StatementEntry? Add(SwiftField field, StatementEntry? entry)
    {
        switch (field.Tag)
        {
            case "61":
                Entries.Add(new(field));
                return Entries[^1];
            case "86" when entry is not null:
                entry.Details = entry.Details is null ? field.Value : $"{entry.Details}\n{field.Value}";
                return entry;
            case "86":
                Information = Information is null ? field.Value : $"{Information}\n{field.Value}";
                return null;
            case "NS" when entry is not null:
                entry.NonSwift = entry.NonSwift is null ? field.Value : $"{entry.NonSwift}\n{field.Value}";
                return entry;
            case "NS":
                NonSwift = NonSwift is null ? field.Value : $"{NonSwift}\n{field.Value}";
                return null;
        }

        if (KindOf(field.Tag) is not { } kind)
            return entry;
        // Several balances of one kind are what a bank, or a collection of examples, wrote: each is a row.
        Balances.Add(new(field, kind, SwiftBalance.Parse(field.Value)));

        return null;
    }

    static string? KindOf(string tag) => tag switch
    {
        "60F" or "60" => "opening",
        "60M" => "intermediate_opening",
        "62F" or "62" => "closing",
        "62M" => "intermediate_closing",
        "64" => "available",
        "65" => "forward_available",
        _ => null,
    };
}
