using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds the fewest fields that identify a record: an id, else a time with what the record is about.</summary>
internal static class KeyFinder
{
    const int MaxFields = 4;

    /// <param name="table">The records.</param>
    /// <param name="partitions">What the requests were about; it identifies too.</param>
    /// <param name="time">The field by which later runs go on, if any.</param>
    public static (IReadOnlyList<string> Keys, Finding? Evidence) Find(SampleTable table, IReadOnlyList<PartitionGuess> partitions, string? time)
    {
        var fields = table.Columns.Where(c => c.IsComplete && CanIdentify(c)).ToList();
        if (fields.Count == 0)
            return ([], null);
        var day = fields.Where(f => CursorFinder.TypeOf(f)?.Type is CursorType.Date or CursorType.Timestamp || IsPeriod(f)).OrderByDescending(f => IsPrimaryTime(f.Name)).ThenByDescending(f => f.Name == time).FirstOrDefault(f => f.Name == time || IsPrimaryTime(f.Name));
        if (fields.Find(f => IsOwnId(f) && Distinct(table, [f]) == table.Rows) is { } id && (day is null || Last(id.Name) is not ("id" or "code") || time is null || partitions.Count == 0))
            return ([id.Name], new(id.Name, table.Rows > 2 ? 0.85 : 0.6, $"'{id.Name}' is different in all {table.Rows} records and called like an id"));

        // What the record is about, and its time where there is one; then more until every record differs.
        List<SampleColumn> chosen = [];
        if (day is not null)
            chosen.Add(day);
        var subjects = fields.Where(f => !chosen.Contains(f)).Select(f => (Field: f, Rank: Rank(f, partitions))).Where(f => f.Rank > 0).OrderByDescending(f => f.Rank).Select(f => f.Field).ToList();
        var isAsked = partitions.Any(p => subjects.TrueForAll(s => !p.Values.Contains(s.Values[0] ?? "")));
        if (subjects.Count > 0 && !(day is not null && isAsked && Distinct(table, chosen) == table.Rows && Rank(subjects[0], partitions) < 4))
            chosen.Add(subjects[0]);
        foreach (var field in subjects.Where(f => !chosen.Contains(f)))
        {
            if (Distinct(table, chosen) == table.Rows || chosen.Count == MaxFields)
                break;
            if (Distinct(table, [.. chosen, field]) > Distinct(table, chosen))
                chosen.Add(field);
        }

        if (chosen.Count == 0)
            chosen.Add(fields[0]);
        var names = chosen.ConvertAll(c => c.Name);
        var isUnique = Distinct(table, chosen) == table.Rows;
        return (names, new(string.Join(", ", names), isUnique && table.Rows > 5 ? 0.8 : 0.5, isUnique ? $"together they are different in all {table.Rows} records" : "no fewer fields tell the records apart, and these do not either: check them"));
    }

    static int Distinct(SampleTable table, IReadOnlyList<SampleColumn> columns) =>
        columns.Count == 0 ? 0 : Enumerable.Range(0, table.Rows).Select(row => string.Join('\u001F', columns.Select(c => c.Values[row]))).Distinct(StringComparer.Ordinal).Count();

    static bool CanIdentify(SampleColumn column) => column.Type is { Kind: DataKind.String or DataKind.Date or DataKind.Timestamp } or { IsInteger: true } || CursorFinder.TypeOf(column)?.Type is CursorType.Timestamp;

    // The time that a record speaks about, not one of its attributes (a listing's, a birth's, an expiry's).
    static bool IsPrimaryTime(string name) =>
        Last(name).Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal) is "date" or "time" or "timestamp" or "t" or "ts" or "datetime" or "period" or "day" or "timeperiod" or "asofdate" or "recorddate"
            or "reportdate" or "exdate" or "exdividenddate" or "effectivedate" or "executiondate" or "tradedate" or "tradingday" or "businessdate" or "pricedate" or "valuedate" or "validfor" or "startedat" or "effectiveat" or "column1"
            or "tsevent" or "opentime" or "fundingtime" or "publishedat" or "d" or "year" or "obsdate" or "observationdate" or "settlementdate" or "calcdate" or "quotedate" or "paymentdate";

    static bool IsPeriod(SampleColumn column) => Last(column.Name) is "period" or "time_period" or "year";

    static string Last(string name) => name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant();

    static bool IsOwnId(SampleColumn column)
    {
        var last = column.Name[(column.Name.LastIndexOf('.') + 1)..].ToLowerInvariant();
        return last is "id" or "uuid" or "guid" or "trade_id" or "tid" or "tradeid" or "url" or "lei" or "mic" or "figi" or "accession_number" or "accessionnumber" || last.EndsWith("_id", StringComparison.Ordinal) && !last.StartsWith("series", StringComparison.Ordinal);
    }

    // Above 0 for what names something; more the plainer it does.
    static double Rank(SampleColumn column, IReadOnlyList<PartitionGuess> partitions)
    {
        if (column.Type.Kind is DataKind.Date or DataKind.Timestamp)
            return 0;
        var isAsked = partitions.Any(p => column.Values.TrueForAll(v => v is not null && p.Values.Any(asked => asked.Split(',').Contains(v, StringComparer.OrdinalIgnoreCase))));
        var rank = (isAsked ? 6 : 0) + (ParameterNames.IsIdentity(column.Name) ? 3 : 0) + (column.Identifier is not null ? 3 : 0) + (ParameterNames.IsSubject(column.Name) ? 2 : 0);
        return rank == 0 ? 0 : rank + (Last(column.Name) is "name" or "title" or "description" ? -4 : 0) + (Last(column.Name) is "currency" or "exchange" or "market" ? -2 : 0) - (column.Name.Contains('.', StringComparison.Ordinal) ? 0.3 : 0);
    }
}
