namespace DataIngestion.Merge;

/// <summary>What became of a source's row; in the column <c>_rule</c> of the contributions as the word of <see cref="VerdictWords.WordOf"/>.</summary>
internal enum Verdict
{
    /// <summary>It is the dataset's row.</summary>
    Stands,

    /// <summary>It says the same as the row that stands.</summary>
    Agrees,

    /// <summary>The source of the row that stands is trusted more.</summary>
    LowerPriority,

    /// <summary>Both sources are trusted alike and the row that stands was known later.</summary>
    KnownEarlier,

    /// <summary>Both were known at the same moment; the source whose id sorts first stands.</summary>
    SortsLater,
}

internal static class VerdictWords
{
    static readonly string[] Words = ["stands", "agrees", "lower-priority", "known-earlier", "sorts-later"];

    public static string WordOf(Verdict verdict) => Words[(int)verdict];

    public static bool IsDisagreement(this Verdict verdict) => verdict > Verdict.Agrees;
}
