namespace DataIngestion.Conversion.Values;

/// <summary>What stands between groups of digits.</summary>
internal enum Grouping : byte
{
    None,

    /// <summary>1,234,567.</summary>
    Comma,

    /// <summary>12,34,567: three digits, then twos.</summary>
    IndianComma,

    /// <summary>1.234.567.</summary>
    Point,

    /// <summary>1 234 567, with any of the spaces that do not break.</summary>
    Space,

    /// <summary>1'234'567.</summary>
    Apostrophe,
}

/// <summary>How a column spells numbers: a decimal mark, groups, and what stands beside every number.</summary>
/// <param name="DecimalComma">Whether the decimal mark is a comma, otherwise it is a point.</param>
/// <param name="Affix">The currency, percent or basis point sign of every number; <see cref="NumberAffix.None"/> for none.</param>
internal sealed record NumberSpelling(bool DecimalComma, Grouping Grouping, NumberAffix Affix)
{
    /// <summary>Every reading of marks and groups, in order of preference.</summary>
    static readonly (bool DecimalComma, Grouping Grouping)[] Readings =
    [
        (false, Grouping.None), (false, Grouping.Comma), (false, Grouping.IndianComma), (true, Grouping.None), (true, Grouping.Point),
        (false, Grouping.Space), (true, Grouping.Space), (false, Grouping.Apostrophe), (true, Grouping.Apostrophe),
    ];

    static readonly NumberSpelling[] WithoutAffix = [.. Readings.Select(r => new NumberSpelling(r.DecimalComma, r.Grouping, NumberAffix.None))];

    /// <summary>A point, no groups, nothing beside the number.</summary>
    public static NumberSpelling Plain => WithoutAffix[0];

    /// <summary>Bits of all readings.</summary>
    public const int All = (1 << 9) - 1;

    /// <summary>Bits of the readings whose decimal mark is a comma.</summary>
    public const int CommaReadings = (1 << 3) | (1 << 4) | (1 << 6) | (1 << 8);

    /// <summary>Bits of the readings whose decimal mark is a point.</summary>
    public const int PointReadings = All & ~CommaReadings;

    /// <summary>Whether a number without groups and signs beside it is read as <see cref="NumberText"/> reads it.</summary>
    public bool IsPlain => !DecimalComma && Grouping == Grouping.None && Affix == NumberAffix.None;

    /// <summary>The bit of this reading.</summary>
    public int Reading => 1 << Array.IndexOf(Readings, (DecimalComma, Grouping));

    /// <summary>The most preferred of the readings given, with an affix.</summary>
    /// <param name="readings">Bits; at least one.</param>
    public static NumberSpelling Of(int readings, NumberAffix affix)
    {
        var spelling = WithoutAffix[System.Numerics.BitOperations.TrailingZeroCount(readings)];
        return affix == NumberAffix.None ? spelling : spelling with { Affix = affix };
    }

    /// <summary>How 1234567.89 would be written.</summary>
    public override string ToString()
    {
        var (mark, group) = (DecimalComma ? "," : ".", Grouping switch
        {
            Grouping.Comma or Grouping.IndianComma => ",",
            Grouping.Point => ".",
            Grouping.Space => " ",
            Grouping.Apostrophe => "'",
            _ => "",
        });
        var whole = Grouping == Grouping.IndianComma ? "12,34,567" : $"1{group}234{group}567";
        return $"{whole}{mark}89{(Affix == NumberAffix.None ? "" : " " + Affix.Name)}";
    }
}
