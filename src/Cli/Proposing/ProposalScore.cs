using DataIngestion.Contracts;

namespace DataIngestion.Cli.Proposing;

/// <summary>Holds a proposal against the definition that people wrote: field by field, right or wrong.</summary>
internal static class ProposalScore
{
    /// <summary>One field.</summary>
    /// <param name="Field">What it is.</param>
    /// <param name="Proposed">What was proposed.</param>
    /// <param name="Written">What people wrote.</param>
    internal sealed record Line(string Field, string Proposed, string Written)
    {
        /// <summary>Whether they say the same.</summary>
        public bool IsRight => string.Equals(Proposed, Written, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Compares everything that a definition says and that samples can show.</summary>
    public static IReadOnlyList<Line> Compare(Proposal proposal, IReadOnlyList<RecordedExchange> exchanges, SourceDefinition source, SourceDatasetDefinition offered, DatasetDefinition dataset)
    {
        var (auth, pages, cursor) = (source.Connection?.Auth, offered.Pagination, offered.Cursor);
        List<Line> lines =
        [
            new("path", Plain(proposal.Path?.Value), Plain(PathOf(source, offered))),
            new("format", Plain(proposal.Format.Value), offered.Format.Format ?? proposal.Format.Value),
            new("record path", Steps(proposal.Records?.Path.Value), offered.Format.RecordPath is null ? Steps(proposal.Records?.Path.Value) : Steps(offered.Format.RecordPath)),
            new("partitioned", Word(proposal.Partitions.Count > 0), Word(offered.Partitions.Count > 0)),
            new("incremental", Word(proposal.Cursor is not null), Word(cursor is not null)),
        ];
        var place = auth?["header"] ?? auth?["query"] ?? (auth?.Kind is "api-key" or "hmac" ? null : "Authorization");
        if (auth is null or { Kind: AuthenticationDefinition.None } || (place is not null && Shows(exchanges, place)))
            lines.Add(new("auth kind", proposal.Authentication.Kind.Value, auth?.Kind ?? AuthenticationDefinition.None));
        if ((auth?["header"] ?? auth?["query"]) is { } named && Shows(exchanges, named))
            lines.Add(new("auth place", proposal.Authentication.Name ?? "", named));
        var isShown = pages is null || Shows(exchanges, pages.Parameter) || Shows(exchanges, pages.NextPath?.Split('.')[^1]) || Shows(exchanges, pages.Header) || pages.Kind is PaginationKind.Link;
        if (isShown)
            lines.Add(new("pagination", proposal.Pagination?.Kind.Value ?? "none", pages?.Kind.ToString() ?? "none"));
        if (pages is not null && isShown)
        {
            Add("page parameter", proposal.Pagination?.Parameter, pages.Parameter);
            Add("next path", proposal.Pagination?.NextPath, pages.NextPath?.TrimStart('$', '.'));
            Add("size parameter", proposal.Pagination?.SizeParameter, pages.SizeParameter);
        }

        if (cursor is not null && offered.Columns.Count > 0)
        {
            lines.Add(new("cursor field", proposal.Cursor?.Field ?? "", cursor.Field));
            lines.Add(new("cursor type", proposal.Cursor?.Type.ToString() ?? "", cursor.Type.ToString()));
            Add("cursor parameter", proposal.Cursor?.Parameter, cursor.Parameter);
        }

        lines.AddRange(Columns(proposal, offered, dataset));
        lines.Add(new("keys", KeysOf(IdentifiersOf(proposal)), KeysOf(IdentifiersOf(proposal, offered, dataset))));
        return lines;

        void Add(string field, string? proposed, string? written)
        {
            if (written is not null)
                lines.Add(new(field, proposed ?? "", written));
        }
    }

    // What no sample shows cannot be concluded from samples; it is neither right nor wrong.
    static bool Shows(IReadOnlyList<RecordedExchange> exchanges, string? name) =>
        name is { Length: > 0 } && exchanges.Any(e => e.RequestHeaders.ContainsKey(name) || e.Query.Any(q => q.Key == name) || e.Headers.ContainsKey(name) || System.Text.Encoding.UTF8.GetString(e.Body).Contains($"\"{name}\"", StringComparison.Ordinal));

    static IEnumerable<Line> Columns(Proposal proposal, SourceDatasetDefinition offered, DatasetDefinition dataset)
    {
        foreach (var (name, mapping) in offered.Columns.Where(c => c.Value.From is not null))
        {
            var guess = proposal.Columns.FirstOrDefault(c => c.From == mapping.From);
            yield return new($"column {mapping.From}", guess is null ? "" : Family(guess.Kind), Family(dataset.Columns[name].Type));
        }
    }

    // Whether a number is written as whole, decimal or float is the dataset's choice; that it is a number is the source's.
    static string Family(ColumnKind kind) => kind is ColumnKind.Integer or ColumnKind.Decimal or ColumnKind.Float ? "number" : kind.ToString().ToLowerInvariant();

    // A field that only repeats what was asked for and what was asked for are the same key.
    static IEnumerable<string> IdentifiersOf(Proposal proposal) =>
        proposal.Keys.Concat(proposal.Partitions.Where(p => p.Column is null).Select(_ => "asked")).Select(k => proposal.Partitions.Any(p => p.Column == k) ? "asked" : k);

    // Of the written keys those that the records or the request hold; constants cannot be seen in samples.
    static IEnumerable<string> IdentifiersOf(Proposal proposal, SourceDatasetDefinition offered, DatasetDefinition dataset) => dataset.Keys
        .Select(k => offered.Columns.GetValueOrDefault(k))
        .Where(m => m?.Constant is null)
        .Select(m => m?.Partition is not null || proposal.Partitions.Any(p => p.Column == m?.From) ? "asked" : m?.From)
        .OfType<string>();

    static string KeysOf(IEnumerable<string> keys) => string.Join(", ", keys.Distinct().Order(StringComparer.Ordinal));

    static string PathOf(SourceDefinition source, SourceDatasetDefinition offered)
    {
        var start = Uri.TryCreate(source.Connection?.BaseUrl, UriKind.Absolute, out var address) ? address.AbsolutePath.TrimEnd('/') : "";
        return $"{start}/{offered.Request?.Path.TrimStart('/')}";
    }

    // {symbol} and {pair} are the same place.
    static string Plain(string? path) => string.Join('/', (path ?? "").Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Contains('{', StringComparison.Ordinal) ? "{}" : p));

    static string Steps(string? path)
    {
        var plain = (path ?? "").TrimStart('$').TrimStart('.').Replace("\"", "'", StringComparison.Ordinal);
        while (plain.IndexOf('{', StringComparison.Ordinal) is >= 0 and var open && plain.IndexOf('}', open) is > 0 and var close)
            plain = $"{plain[..open]}*{plain[(close + 1)..]}";
        return plain;
    }

    static string Word(bool value) => value ? "yes" : "no";
}
