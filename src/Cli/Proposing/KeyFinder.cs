using DataIngestion.Contracts;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Proposing;

/// <summary>Finds the fewest fields that identify a record: an id, else a time with what the record is about.</summary>
internal static class KeyFinder
{
    const int MaxFields = 4;

    /// <param name="table">The records.</param>
    /// <param name="partitions">Names of partitions; they identify too, where the records do not repeat them.</param>
    public static (IReadOnlyList<string> Keys, Finding? Evidence) Find(SampleTable table, IReadOnlyList<PartitionGuess> partitions)
    {
        var fields = table.Columns.Where(c => c.IsComplete && CanIdentify(c)).OrderByDescending(Rank).ToList();
        if (fields.Count == 0)
            return ([], null);
        if (fields.Find(f => IsOwnId(f) && Distinct(table, [f]) == table.Rows) is { } id)
            return ([id.Name], new(id.Name, table.Rows > 2 ? 0.85 : 0.6, $"'{id.Name}' is different in all {table.Rows} records and called like an id"));

        // A time first, then what the record is about, until every record differs.
        List<SampleColumn> chosen = [];
        if (fields.Find(f => CursorFinder.TypeOf(f)?.Type is CursorType.Date or CursorType.Timestamp && ParameterNames.IsTime(f.Name)) is { } time)
            chosen.Add(time);
        var subjects = fields.Where(f => !chosen.Contains(f) && (ParameterNames.IsIdentity(f.Name) || ParameterNames.IsSubject(f.Name) || f.Identifier is not null)).ToList();
        if (subjects.Count > 0 && (chosen.Count == 0 || Distinct(table, chosen) < table.Rows || partitions.Count == 0))
            chosen.Add(subjects[0]);
        foreach (var field in subjects.Concat(fields).Where(f => !chosen.Contains(f)))
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

    static bool CanIdentify(SampleColumn column) => column.Type is { Kind: DataKind.String or DataKind.Date or DataKind.Timestamp } or { IsInteger: true };

    static bool IsOwnId(SampleColumn column)
    {
        var last = column.Name[(column.Name.LastIndexOf('.') + 1)..].ToLowerInvariant();
        return last is "id" or "uuid" or "guid" or "trade_id" or "tid" or "tradeid" or "url" or "lei" or "mic" or "figi" or "accession_number" or "accessionnumber" || last.EndsWith("_id", StringComparison.Ordinal) && !last.StartsWith("series", StringComparison.Ordinal);
    }

    static double Rank(SampleColumn column) =>
        (ParameterNames.IsIdentity(column.Name) ? 3 : 0) + (column.Identifier is not null ? 2 : 0) + (ParameterNames.IsTime(column.Name) ? 1 : 0) + (column.Type.Kind == DataKind.String ? 0.5 : 0) - (column.Name.Contains('.', StringComparison.Ordinal) ? 0.3 : 0);
}
