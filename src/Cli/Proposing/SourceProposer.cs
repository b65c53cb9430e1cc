using System.Text.Json;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Proposing;

/// <summary>Concludes from recorded exchanges what a source and a dataset of it are.</summary>
internal sealed class SourceProposer(FormatSpecifications specifications)
{
    /// <summary>Concludes.</summary>
    /// <param name="exchanges">Requests to one endpoint with their answers, in order; or answers alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailedException">No answer holds records.</exception>
    public async Task<Proposal> ProposeAsync(IReadOnlyList<RecordedExchange> exchanges, CancellationToken cancellationToken)
    {
        var good = exchanges.Where(e => e.Status is >= 200 and < 300 && e.Body.Length > 0 && !AuthenticationFinder.IsLogIn(e)).ToList();
        if (good.Count == 0)
            throw new CommandFailedException(ExitCodes.Unreadable, "None of the answers is a good one (2xx with a body): record one that has data.");
        var authentication = AuthenticationFinder.Find(exchanges);
        var records = good.Select(e => XmlPaths.Find(e.Body)).OfType<RecordPathGuess>().FirstOrDefault() ?? good.Select(e => RootOf(e.Body)).OfType<JsonElement>().Select(r => (Guess: RecordPaths.Find(r), Size: r.GetRawText().Length)).Where(g => g.Guess is not null).OrderByDescending(g => g.Guess!.Path.Confidence).ThenByDescending(g => g.Size).Select(g => g.Guess).FirstOrDefault();
        var table = await ReadAsync(good, records, cancellationToken);

        HashSet<string> taken = new(StringComparer.Ordinal);
        if (authentication is { Place: "query", Name: { } key })
            taken.Add(key);
        var pagination = PaginationFinder.Find(SamePartition(good), table, out var changing);
        foreach (var name in new[] { pagination?.Parameter, pagination?.SizeParameter, changing }.OfType<string>())
            taken.Add(name);
        var cursor = CursorFinder.Find(good, table, taken);
        foreach (var name in new[] { cursor?.Parameter, cursor?.ToParameter }.OfType<string>())
            taken.Add(name);
        var (path, partitions) = PartitionFinder.Find(good, table, taken);
        foreach (var partition in partitions)
            taken.Add(partition.Parameter ?? "");
        var (keys, evidence) = KeyFinder.Find(table, partitions, cursor?.Field);
        var format = table.Format ?? (records is null ? "csv" : "json");
        var day = cursor?.Field ?? keys.FirstOrDefault(ParameterNames.IsTime);
        return new()
        {
            Origin = good.Find(e => e.Origin is not null)?.Origin is { } origin ? new(origin, 1, "the requests went there") : null,
            Authentication = authentication,
            Path = path is null ? null : new(path, 1, "the requests asked for it"),
            Query = good.SelectMany(e => e.Query).Where(q => !taken.Contains(q.Key)).DistinctBy(q => q.Key).ToDictionary(q => q.Key, q => new Finding(q.Value, 0.8, "every request had it")),
            Partitions = partitions,
            Pagination = pagination,
            Format = new(format, 0.95, "the content was recognised"),
            Records = records,
            Columns = ColumnFinder.Find(table),
            Keys = keys,
            KeyEvidence = evidence,
            Cursor = cursor,
            Calendar = CalendarFinder.Find(table, day),
            Limits = LimitsOf(good),
        };
    }

    async Task<SampleTable> ReadAsync(List<RecordedExchange> good, RecordPathGuess? records, CancellationToken cancellationToken)
    {
        var hint = records is null ? FormatHint.None : new FormatHint
        {
            Format = records.Path.Value.StartsWith("//", StringComparison.Ordinal) ? "xml" : "json",
            RecordPath = records.Path.Value,
            Inherit = records.Inherit.Count > 0 ? records.Inherit : null,
            Options = records.IsColumns ? new Dictionary<string, string> { ["layout"] = "columns" } : new Dictionary<string, string>(),
        };
        var table = new SampleTable();
        var read = false;
        foreach (var exchange in good)
            read |= await table.AddAsync(exchange.Body, hint, specifications, cancellationToken);
        return read ? table : throw new CommandFailedException(
            ExitCodes.Unreadable, $"{good[0].Where}: no records could be read{(records is null ? "" : $" at '{records.Path.Value}'")}: expected JSON, CSV, XML or another format that 'ingest detect' knows.");
    }

    // Pages follow one another; where the path or the subject changes, another sequence begins.
    static List<RecordedExchange> SamePartition(List<RecordedExchange> exchanges)
    {
        var first = exchanges[0];
        var subjects = first.Query.Where(q => ParameterNames.IsSubject(q.Key)).ToList();
        return [.. exchanges.Where(e => e.Path == first.Path && subjects.TrueForAll(s => e.Parameter(s.Key) is null || e.Parameter(s.Key) == s.Value))];
    }

    static Finding? LimitsOf(List<RecordedExchange> exchanges)
    {
        var header = exchanges.SelectMany(e => e.Headers).FirstOrDefault(h => h.Key.Contains("ratelimit-limit", StringComparison.OrdinalIgnoreCase) || h.Key.Contains("rate-limit-limit", StringComparison.OrdinalIgnoreCase));
        return header.Key is null ? null : new(header.Value, 0.7, $"the header {header.Key} of an answer says so");
    }

    static JsonElement? RootOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.AsMemory(body.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
