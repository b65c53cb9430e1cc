namespace DataIngestion.Learn.Recognition.Samples;

/// <summary>The classes of text and how each is generated.</summary>
internal static class SampleBook
{
    public static IReadOnlyList<(string Format, Func<Draft, string> Write)> All { get; } =
    [
        ("c", CodeSamples.C), ("csharp", CodeSamples.CSharp), ("css", ConfigSamples.Css), ("csv", TableSamples.Csv), ("diff", MessageSamples.Differences), ("edifact", MessageSamples.Edifact), ("eml", MessageSamples.Mail),
        ("fix", MessageSamples.Fix), ("fixed-width", TableSamples.FixedWidth), ("go", CodeSamples.Go), ("html", MessageSamples.Html), ("ics", MessageSamples.Calendar), ("ini", ConfigSamples.Ini), ("java", CodeSamples.Java),
        ("javascript", CodeSamples.JavaScript), ("json", MessageSamples.Json), ("latex", ConfigSamples.Latex), ("log", TableSamples.Log), ("markdown", ConfigSamples.Markdown), ("ndjson", MessageSamples.Ndjson), ("ofx", MessageSamples.OfxSgml),
        ("perl", CodeSamples.Perl), ("properties", ConfigSamples.Properties), ("python", CodeSamples.Python), ("qif", MessageSamples.Qif), ("rtf", MessageSamples.Rtf), ("rust", CodeSamples.Rust), ("sec-submission", MessageSamples.Sec), ("shell", CodeSamples.Shell),
        ("sql", ConfigSamples.Sql), ("srt", MessageSamples.Subtitles), ("swift-mt", MessageSamples.Swift), ("text", TableSamples.Text), ("toml", ConfigSamples.Toml), ("tsv", TableSamples.Tsv), ("vcf", MessageSamples.Card), ("x12", MessageSamples.X12),
        ("xml", MessageSamples.Xml), ("yaml", ConfigSamples.Yaml),
    ];

    /// <summary>A generated text as the world would have it.</summary>
    /// <param name="index">A class of <see cref="All"/>.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    public static byte[] Text(int index, int seed)
    {
        var draft = new Draft(seed);
        return Mutation.Apply(All[index].Format, All[index].Write(draft), draft);
    }
}
