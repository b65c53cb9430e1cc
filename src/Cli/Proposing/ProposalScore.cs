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
    public static IReadOnlyList<Line> Compare(Proposal proposal, SourceDefinition source, SourceDatasetDefinition offered, DatasetDefinition dataset)
    {
        var (auth, pages, cursor) = (source.Connection?.Auth, offered.Pagination, offered.Cursor);
        List<Line> lines =
        [
            new("auth kind", proposal.Authentication.Kind.Value, KindOf(auth)),
            new("path", Plain(proposal.Path?.Value), Plain(PathOf(source, offered))),
            new("format", Plain(proposal.Format.Value), offered.Format.Format ?? proposal.Format.Value),
            new("record path", Steps(proposal.Records?.Path.Value), offered.Format.RecordPath is null ? Steps(proposal.Records?.Path.Value) : Steps(offered.Format.RecordPath)),
            new("pagination", proposal.Pagination?.Kind.Value ?? "none", pages?.Kind.ToString() ?? "none"),
            new("partitioned", Word(proposal.Partitions.Count > 0), Word(offered.Partitions.Count > 0)),
            new("incremental", Word(proposal.Cursor is not null), Word(cursor is not null)),
        ];
        if ((auth?["header"] ?? auth?["query"]) is { } place)
            lines.Add(new("auth place", proposal.Authentication.Name ?? "", place));
        if (pages is not null)
        {
            Add("page parameter", proposal.Pagination?.Parameter, pages.Parameter);
            Add("next path", proposal.Pagination?.NextPath, pages.NextPath?.TrimStart('$', '.'));
            Add("size parameter", proposal.Pagination?.SizeParameter, pages.SizeParameter);
        }

        if (cursor is not null)
        {
            lines.Add(new("cursor field", proposal.Cursor?.Field ?? "", cursor.Field));
            lines.Add(new("cursor type", proposal.Cursor?.Type.ToString() ?? "", cursor.Type.ToString()));
            Add("cursor parameter", proposal.Cursor?.Parameter, cursor.Parameter);
        }

        lines.AddRange(Columns(proposal, offered, dataset));
        lines.Add(new("keys", KeysOf(proposal.Keys.Concat(proposal.Partitions.Select(p => p.Name))), KeysOf(proposal, offered, dataset)));
        return lines;

        void Add(string field, string? proposed, string? written)
        {
            if (written is not null)
                lines.Add(new(field, proposed ?? "", written));
        }
    }

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

    // Of the written keys those that the records or the request hold; constants cannot be seen in samples.
    static string KeysOf(Proposal proposal, SourceDatasetDefinition offered, DatasetDefinition dataset)
    {
        var keys = dataset.Keys.Select(k => offered.Columns.GetValueOrDefault(k)).Where(m => m?.Constant is null).Select(m => m?.From ?? PartitionOf(proposal, m?.Partition)).OfType<string>();
        return KeysOf(keys);
    }

    static string? PartitionOf(Proposal proposal, string? partition) => partition is null ? null : proposal.Partitions.Count > 0 ? proposal.Partitions[0].Name : partition;

    static string KeysOf(IEnumerable<string> keys) => string.Join(", ", keys.Distinct().Order(StringComparer.Ordinal));

    static string KindOf(AuthenticationDefinition? auth) => auth switch
    {
        null => "none",
        { Kind: { } kind } => kind,
        { Template: { } template } => template,
        _ => "none",
    };

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
