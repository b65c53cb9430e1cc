namespace DataIngestion.Conversion.Identifiers;

/// <summary>How telling a valid value is.</summary>
internal static class IdentifierChances
{
    /// <summary>How much less an accident is where the column's name says the kind.</summary>
    const double Named = 0.1;

    /// <summary>
    /// The chance that a value with the right length and characters is valid by accident: one in ten for a check digit, one in 97 for two; for codes
    /// without check digits the share of such words in the list, but never less than one in ten, since words are not random.
    /// </summary>
    static double Of(IdentifierKind kind) => kind switch
    {
        IdentifierKind.Lei or IdentifierKind.Iban => 1 / 97.0,
        // 250 of 676 pairs of letters are countries.
        IdentifierKind.Bic => 0.37,
        // Tickers have four letters too.
        IdentifierKind.Mic => 0.3,
        _ => 0.1,
    };

    /// <summary>The score of a column.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="isNamed">Whether the column's name says it.</param>
    /// <param name="share">Of the values, those that are valid.</param>
    /// <param name="different">Different valid values, as far as they were counted.</param>
    public static double Score(IdentifierKind kind, bool isNamed, double share, int different) =>
        share * (1 - Math.Pow(Of(kind) * (isNamed ? Named : 1), different));

    /// <summary>Whether a column's name says the kind: one of its words, where words end at capitals, digits and everything that is no letter.</summary>
    public static bool IsNamed(IdentifierKind kind, string column)
    {
        foreach (var word in Words(column))
        {
            if (Array.IndexOf(NamesOf(kind), word) >= 0)
                return true;
        }

        return false;
    }

    static string[] NamesOf(IdentifierKind kind) => kind switch
    {
        IdentifierKind.Isin => ["isin", "isins"],
        IdentifierKind.Cusip => ["cusip", "cusips", "cins"],
        IdentifierKind.Sedol => ["sedol", "sedols"],
        IdentifierKind.Figi => ["figi", "bbgid", "bbg"],
        IdentifierKind.Lei => ["lei"],
        IdentifierKind.Bic => ["bic", "swift", "bicfi", "bicorbei"],
        IdentifierKind.Iban => ["iban"],
        IdentifierKind.Mic => ["mic", "mics", "exchange", "venue", "market"],
        _ => ["currency", "currencies", "ccy", "cur", "curr", "crncy", "ccys"],
    };

    static IEnumerable<string> Words(string name)
    {
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            var ends = i == name.Length || !char.IsLetter(name[i]) || !char.IsLetter(name[i - 1]) || (char.IsUpper(name[i]) && char.IsLower(name[i - 1]));
            if (!ends)
                continue;
            yield return name[start..i].ToLowerInvariant();
            start = i;
        }
    }
}
