namespace DataIngestion.Benchmarks.Pollock;

/// <summary>
/// How often each defect occurs in the files of the benchmark's survey, as its <c>pollock_weights.json</c> has it. The weight of a family of rows is
/// spread evenly over its files there (one a place), so a file's weight does not depend on which of them are at hand.
/// </summary>
internal static class PollockWeights
{
    const double DelimiterCount = 260 / 707.0;
    const double ExtraQuote = 7 / 756.0;
    const double RowDelimiter = 12 / 84.0;

    static readonly Dictionary<string, double> Files = new(StringComparer.Ordinal)
    {
        ["source"] = 1,
        ["file_no_payload"] = 15,
        ["file_no_trailing_newline"] = 184,
        ["file_double_trailing_newline"] = 5,
        ["file_no_header"] = 470,
        ["file_header_multirow_2"] = 47,
        ["file_header_multirow_3"] = 47,
        ["file_preamble"] = 282,
        ["file_multitable_same"] = 188 / 3.0,
        ["file_multitable_more"] = 188 / 3.0,
        ["file_multitable_less"] = 188 / 3.0,
        ["file_header_only"] = 3,
        ["file_one_data_row"] = 4,
        ["file_record_delimiter_0xD"] = 7,
        ["file_record_delimiter_0xA"] = 1691,
        ["file_field_delimiter_0x9"] = 4,
        ["file_field_delimiter_0x3B"] = 834,
        ["file_field_delimiter_0x20"] = 4,
        ["file_field_delimiter_0x2C_0x20"] = 101,
        ["file_quotation_char_0x27"] = 11,
        ["file_escape_char_0x5C"] = 1,
        ["file_escape_char_0x00"] = 7,
    };

    public static double Of(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        if (Files.TryGetValue(stem, out var weight))
            return weight;
        return stem switch
        {
            _ when stem.StartsWith("row_less_sep", StringComparison.Ordinal) => DelimiterCount,
            _ when stem.StartsWith("row_more_sep", StringComparison.Ordinal) => DelimiterCount,
            _ when stem.StartsWith("row_extra_quote", StringComparison.Ordinal) => ExtraQuote,
            _ when stem.StartsWith("row_field_delimiter", StringComparison.Ordinal) => RowDelimiter,
            _ => throw new InvalidOperationException($"'{name}' is no file of the benchmark."),
        };
    }
}
