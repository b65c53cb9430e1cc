using System.Text;

namespace DataIngestion.Conversion.Csv.Detection;

/// <summary>What a look at the start of a text says about how it is written.</summary>
/// <param name="Consistency">Share of the records that have the same number of fields.</param>
internal sealed record DetectedDialect(CsvDialect Dialect, int Columns, double Consistency, IReadOnlyList<string> Evidence);

/// <summary>
/// Finds how a delimited text is written: every delimiter and quote that may be meant cuts the start of the text, and the way that makes the best table
/// wins. What is configured is taken as it is. Never throws on content; time is bounded by the sample's size whatever it holds.
/// </summary>
internal static class DialectDetector
{
    const int SampleBytes = 32 << 10;
    const int MostSampleBytes = 128 << 10;
    const int FewLines = 12;
    const int SampleRecords = 200;
    const int MostRecords = 1_000;

    /// <param name="text">The start of the content, in UTF-8.</param>
    /// <param name="isWhole">Whether it is the whole content.</param>
    public static DetectedDialect Detect(ReadOnlySpan<byte> text, bool isWhole, FormatHint? hint)
    {
        var lineEnd = LineEnds.Find(text);
        text = AfterLines(text, lineEnd, hint?.SkipLines ?? 0);
        var sample = Sample(text, lineEnd, isWhole, out var sampleIsWhole);
        var best = Best(sample, sampleIsWhole, lineEnd, hint);
        best = SettleEscape(sample, sampleIsWhole, SettlePadding(sample, sampleIsWhole, best), hint);
        // What follows the table is only looked for where the end of the content is there.
        var whole = SampleTable.Cut(text, best.Marks, isWhole, isWhole ? int.MaxValue : MostRecords);
        var score = SampleScore.Of(text, whole, 1);
        var columns = Math.Max(1, score.Columns);
        var found = TableFinder.Find(text, whole, columns, isWhole, hint);
        var dialect = new CsvDialect(best.Marks.Delimiter.Length == 0 ? "," : Encoding.UTF8.GetString(best.Marks.Delimiter), Quote(best, hint))
        {
            Escape = best.Marks.Escape >= 0 ? (char)best.Marks.Escape : whole.Doubled > 0 ? (char)best.Marks.Quote : null,
            IsPadded = best.Marks.IsPadded,
            HasTrailingDelimiter = found.HasTrailingDelimiter,
            SkipLines = hint?.SkipLines ?? (found.FirstRecord < whole.Count ? whole.Line(found.FirstRecord) : 0),
            HeaderRows = found.HeaderRows,
            FooterLines = hint?.FooterLines ?? found.FooterLines,
            Comment = hint?.Comment ?? found.Comment,
            LineEnd = lineEnd,
            Columns = columns,
        };
        return new(dialect, columns, score.Share, DialectEvidence.Of(dialect, whole, score, found));
    }

    sealed record Attempt(SampleMarks Marks, SampleTable Table, SampleScore Score);

    /// <summary>Quotes that never close where a field ends are text; one or two of them are only broken.</summary>
    static char? Quote(Attempt best, FormatHint? hint) =>
        best.Marks.Quote < 0 || (hint?.Quote is null && best.Table is { WellQuoted: 0, BadlyQuoted: > 2 }) ? null : (char)best.Marks.Quote;

    static ReadOnlySpan<byte> AfterLines(ReadOnlySpan<byte> text, LineEnd lineEnd, int lines)
    {
        var end = (byte)(lineEnd == LineEnd.CarriageReturn ? '\r' : '\n');
        for (var line = 0; line < lines && text.IndexOf(end) is >= 0 and var at; line++)
            text = text[(at + 1)..];
        return text;
    }

    /// <summary>Some lines, and more bytes where lines are long.</summary>
    static ReadOnlySpan<byte> Sample(ReadOnlySpan<byte> text, LineEnd lineEnd, bool isWhole, out bool sampleIsWhole)
    {
        sampleIsWhole = isWhole;
        if (text.Length <= SampleBytes)
            return text;
        var end = (byte)(lineEnd == LineEnd.CarriageReturn ? '\r' : '\n');
        var length = SampleBytes;
        for (var lines = text[..length].Count(end); lines < FewLines && length < Math.Min(text.Length, MostSampleBytes);)
        {
            var more = Math.Min(SampleBytes, text.Length - length);
            lines += text.Slice(length, more).Count(end);
            length += more;
        }

        sampleIsWhole &= length == text.Length;
        return text[..length];
    }

    static Attempt Best(ReadOnlySpan<byte> sample, bool isWhole, LineEnd lineEnd, FormatHint? hint)
    {
        var candidates = hint?.Delimiter is { } given
            ? [new(Encoding.UTF8.GetBytes(given), 1)]
            : DelimiterCandidates.Find(sample, (byte)(lineEnd == LineEnd.CarriageReturn ? '\r' : '\n'));
        Attempt? best = null;
        foreach (var candidate in candidates)
        {
            foreach (var quote in Quotes(sample, candidate.Delimiter, hint))
            {
                var attempt = Try(sample, isWhole, new(candidate.Delimiter, quote, -1, lineEnd), candidate.Prior);
                // Quotes after padding open fields only where the padding is known.
                if (attempt.Table.PaddedDelimiters * 10 > attempt.Table.Delimiters * 8 && Try(sample, isWhole, attempt.Marks with { IsPadded = true }, candidate.Prior) is var padded
                    && IsPadded(sample, padded) && padded.Score.Value > attempt.Score.Value)
                    attempt = padded;
                if (best is null || attempt.Score.Value > best.Score.Value * 1.001)
                    best = attempt;
            }
        }

        if (hint?.Delimiter is null)
        {
            var single = Try(sample, isWhole, new([], Quotes(sample, [], hint)[0], -1, lineEnd), 1);
            if (best is null || best.Score.Columns < 2 || single.Score.Value > best.Score.Value)
                best = single;
        }

        return best!;
    }

    static Attempt Try(ReadOnlySpan<byte> sample, bool isWhole, SampleMarks marks, double prior)
    {
        var table = SampleTable.Cut(sample, marks, isWhole, SampleRecords);
        return new(marks, table, SampleScore.Of(sample, table, prior));
    }

    /// <summary>The double quote, and another only where it stands beside the delimiter on both its sides.</summary>
    static List<int> Quotes(ReadOnlySpan<byte> sample, byte[] delimiter, FormatHint? hint)
    {
        if (hint?.HasNoQuotes == true)
            return [-1];
        if (hint?.Quote is { } given)
            return [given];
        var quotes = new List<int> { '"' };
        foreach (var quote in "'`~"u8)
        {
            if (delimiter.Contains(quote) || !sample.Contains(quote))
                continue;
            byte[] opening = [.. delimiter, quote];
            byte[] closing = [quote, .. delimiter];
            if ((sample.IndexOf(opening) >= 0 || sample.IndexOf([(byte)'\n', quote]) >= 0 || sample[0] == quote) && (sample.IndexOf(closing) >= 0 || sample.IndexOf([quote, (byte)'\n']) >= 0 || sample.IndexOf([quote, (byte)'\r']) >= 0))
                quotes.Add(quote);
        }

        return quotes;
    }

    /// <summary>Spaces after every delimiter are padding.</summary>
    static Attempt SettlePadding(ReadOnlySpan<byte> sample, bool isWhole, Attempt best)
    {
        if (best.Marks.IsPadded || !IsPadded(sample, best))
            return best;
        return Try(sample, isWhole, best.Marks with { IsPadded = true }, 1);
    }

    static bool IsPadded(ReadOnlySpan<byte> sample, Attempt attempt) =>
        attempt.Marks.Delimiter is [not (byte)' '] && attempt.Table.Delimiters > 1 && attempt.Table.PaddedDelimiters == attempt.Table.Delimiters
        && sample.IndexOf([attempt.Marks.Delimiter[0], (byte)' ']) >= 0;

    /// <summary>An escape is told by what it mends: quotes that close where a field ends, and records of the same width.</summary>
    static Attempt SettleEscape(ReadOnlySpan<byte> sample, bool isWhole, Attempt best, FormatHint? hint)
    {
        if (hint?.Escape is { } given)
            return given == best.Marks.Quote ? best : Try(sample, isWhole, best.Marks with { Escape = given }, 1);
        foreach (var escape in Escapes(sample, best))
        {
            var attempt = Try(sample, isWhole, best.Marks with { Escape = escape }, 1);
            if (attempt.Table.Escaped == 0)
                continue;
            var mends = attempt.Table.BadlyQuoted * 2 < best.Table.BadlyQuoted || attempt.Score.Share > best.Score.Share;
            var harms = attempt.Table.BadlyQuoted > best.Table.BadlyQuoted || attempt.Score.Share < best.Score.Share || best.Table.Doubled > attempt.Table.Escaped;
            if (mends && !harms)
                return attempt;
        }

        return best;
    }

    /// <summary>The backslash, and the character that most often stands before a quote inside a field.</summary>
    static List<int> Escapes(ReadOnlySpan<byte> sample, Attempt best)
    {
        var escapes = new List<int>();
        if (sample.Contains((byte)'\\'))
            escapes.Add('\\');
        if (best.Table.BadlyQuoted > 0 && best.Table.MostBeforeBadQuote is > 0 and var other && other != '\\' && other != best.Marks.Quote && !best.Marks.Delimiter.Contains((byte)other))
            escapes.Add(other);
        return escapes;
    }
}
