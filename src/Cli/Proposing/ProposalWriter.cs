using System.Globalization;
using System.Text;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Proposing;

/// <summary>Writes a proposal as the files of a definition, each line with how sure it is and why.</summary>
internal sealed class ProposalWriter(string source, string dataset, Proposal proposal)
{
    readonly string _key = $"{source.ToUpperInvariant().Replace('-', '_')}_KEY";

    /// <summary><c>configs/sources/{id}.yaml</c>.</summary>
    public string Source()
    {
        var yaml = new Lines();
        yaml.Add(0, $"# Proposed from samples: the number behind each line is how sure it is (0 to 1), with the reason. Check what is below 0.8.");
        yaml.Add(0, $"source: {source}");
        yaml.Add(0, "kind: api");
        yaml.Add(0, "enabled: false");
        yaml.Add(0, "licence: not known; see the vendor's terms");
        if (proposal.Calendar is { } calendar)
            yaml.Add(0, $"calendar: {calendar.Value}", calendar);
        yaml.Add(0, "connection:");
        if (proposal.Origin is { } origin)
            yaml.Add(1, $"baseUrl: {Text(origin.Value)}", origin);
        else
            yaml.Add(1, $"baseUrl: ${{{source.ToUpperInvariant().Replace('-', '_')}_URL}}", new("", 0, "the samples do not say where they came from"));
        Auth(yaml);
        if (proposal.Limits is { } limits)
            yaml.Add(1, $"# limits: an answer named a limit of {limits.Value}: {limits.Reason}; say how many requests a second that is.");
        yaml.Add(0, "datasets:");
        yaml.Add(1, $"- dataset: {dataset}");
        Request(yaml);
        Partitions(yaml);
        Pagination(yaml);
        Cursor(yaml);
        yaml.Add(2, "format:");
        yaml.Add(3, $"format: {proposal.Format.Value}", proposal.Format);
        if (proposal.Records is { } records)
        {
            yaml.Add(3, $"recordPath: {Text(records.Path.Value)}", records.Path);
            if (records.IsColumns)
                yaml.Add(3, "layout: columns", records.Path);
            if (records.Inherit.Count > 0)
                yaml.Add(3, $"inherit: [{string.Join(", ", records.Inherit.Select(Text))}]", new("", 0.7, "these stand beside the records and say what they share"));
        }

        yaml.Add(2, "columns:");
        foreach (var partition in PartitionColumns())
            yaml.Add(3, $"{partition.Name}: {{ partition: {partition.Name} }}", partition.Evidence);
        foreach (var column in proposal.Columns)
            yaml.Add(3, $"{column.Name}: {{ from: {Text(column.From)}{(column.Format is { } format ? $", format: {format}" : "")} }}");
        return yaml.ToString();
    }

    /// <summary><c>configs/datasets/{id}.yaml</c>.</summary>
    public string Dataset()
    {
        var yaml = new Lines();
        yaml.Add(0, $"# Proposed from samples of {source}. Columns that other vendors have too should be called as in the dataset that they share.");
        yaml.Add(0, $"dataset: {dataset}");
        var keys = Keys().ToList();
        yaml.Add(0, $"keys: [{string.Join(", ", keys)}]", proposal.KeyEvidence);
        yaml.Add(0, "columns:");
        foreach (var partition in PartitionColumns())
            yaml.Add(1, $"{partition.Name}: {{ type: string }}");
        foreach (var column in proposal.Columns)
        {
            var more = new StringBuilder();
            if (column.Kind is ColumnKind.Decimal)
                more.Append(CultureInfo.InvariantCulture, $", precision: {Math.Min(38, 20 + Math.Max(6, column.Scale))}, scale: {Math.Max(6, column.Scale)}");
            if (column.Identifier is { } identifier)
                more.Append(CultureInfo.InvariantCulture, $", identifier: {identifier.ToString().ToLowerInvariant()}");
            if (column.Unit is { } unit)
                more.Append(CultureInfo.InvariantCulture, $", unit: {unit.Value}");
            yaml.Add(1, $"{column.Name}: {{ type: {column.Kind.ToString().ToLowerInvariant()}{more} }}", column.Type);
        }

        return yaml.ToString();
    }

    /// <summary><c>samples/sources/{id}/{dataset}.yaml</c> and the bodies beside it, keys taken out.</summary>
    public IReadOnlyDictionary<string, byte[]> Sample(IReadOnlyList<RecordedExchange> exchanges, DateTimeOffset now)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var yaml = new Lines();
        yaml.Add(0, "# What was recorded. 'ingest sources test' plays it back; adapt requests whose parameters depend on the time.");
        yaml.Add(0, $"now: {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        yaml.Add(0, "runs:");
        yaml.Add(1, "- exchanges:");
        foreach (var (exchange, i) in exchanges.Where(e => e.Path is not null).Select((e, i) => (e, i)))
        {
            var name = $"{dataset}-{i + 1}.{proposal.Format.Value}";
            files[name] = exchange.Body;
            var query = string.Join(", ", exchange.Query.Select(q => $"{Text(q.Key)}: {Quoted(ParameterNames.IsSecret(q.Key) ? $"sample-{_key}" : q.Value)}"));
            yaml.Add(3, $"- request: {{ method: {exchange.Method}, path: {Text(exchange.Path!)}, query: {{{(query.Length > 0 ? $" {query} " : "")}}}{(exchange.RequestBody is { } body ? $", body: {Quoted(body)}" : "")} }}");
            var headers = string.Join(", ", exchange.Headers.Where(h => h.Key.ToLowerInvariant() is "content-type" or "link" || h.Key == proposal.Pagination?.Header).Select(h => $"{h.Key}: {Quoted(h.Value)}"));
            yaml.Add(4, $"response: {{ status: {exchange.Status}, {(headers.Length > 0 ? $"headers: {{ {headers} }}, " : "")}file: {name} }}");
        }

        yaml.Add(2, "expect:");
        yaml.Add(3, "rows: 0", new("", 0, "put the number of rows here that 'ingest sources test' reports, once they are right"));
        files[$"{dataset}.yaml"] = Encoding.UTF8.GetBytes(yaml.ToString());
        return files;
    }

    void Auth(Lines yaml)
    {
        var (kind, place, name) = proposal.Authentication;
        if (kind.Value == "none")
        {
            yaml.Add(1, "auth: none", kind);
            return;
        }

        yaml.Add(1, "auth:");
        yaml.Add(2, $"kind: {kind.Value}", kind);
        if (place is not null)
            yaml.Add(2, $"{place}: {Text(name!)}");
        if (kind.Value is "basic")
            yaml.Add(2, $"user: ${{{_key}_USER}}");
        yaml.Add(2, $"value: ${{{_key}}}", new("", 1, $"a reference: set {_key} in the environment; no key is written here"));
    }

    void Request(Lines yaml)
    {
        yaml.Add(2, "request:");
        yaml.Add(3, $"path: {Text(proposal.Path?.Value ?? "/")}", proposal.Path ?? new("", 0, "the samples do not say what was asked for"));
        if (proposal.Query.Count == 0)
            return;
        yaml.Add(3, "query:");
        foreach (var (name, value) in proposal.Query)
            yaml.Add(4, $"{Text(name)}: {Quoted(value.Value)}", value);
    }

    void Partitions(Lines yaml)
    {
        if (proposal.Partitions.Count == 0)
            return;
        yaml.Add(2, "partitions:");
        foreach (var partition in proposal.Partitions)
        {
            yaml.Add(3, $"- name: {partition.Name}", partition.Evidence);
            if (partition.Parameter is { } parameter)
                yaml.Add(4, $"parameter: {Text(parameter)}");
            yaml.Add(4, $"values: [{string.Join(", ", partition.Values.Select(Quoted))}]");
        }
    }

    void Pagination(Lines yaml)
    {
        if (proposal.Pagination is not { } pages)
            return;
        yaml.Add(2, "pagination:");
        yaml.Add(3, $"kind: {pages.Kind.Value}", pages.Kind);
        foreach (var (name, value) in new (string, string?)[]
        {
            ("parameter", pages.Parameter), ("nextPath", pages.NextPath), ("header", pages.Header), ("field", pages.Field), ("firstPage", pages.FirstPage?.ToString(CultureInfo.InvariantCulture)),
            ("sizeParameter", pages.SizeParameter), ("size", pages.Size?.ToString(CultureInfo.InvariantCulture)),
        })
        {
            if (value is not null)
                yaml.Add(3, $"{name}: {(name is "size" or "firstPage" ? value : Text(value))}");
        }
    }

    void Cursor(Lines yaml)
    {
        if (proposal.Cursor is not { } cursor)
            return;
        yaml.Add(2, "cursor:");
        yaml.Add(3, $"field: {Text(cursor.Field)}", cursor.Evidence);
        yaml.Add(3, $"type: {cursor.Type.ToString().ToLowerInvariant()}");
        foreach (var (name, value) in new (string, string?)[] { ("format", cursor.Format), ("parameter", cursor.Parameter), ("toParameter", cursor.ToParameter) })
        {
            if (value is not null)
                yaml.Add(3, $"{name}: {Text(value)}");
        }

        if (cursor.Start is { } start)
            yaml.Add(3, $"start: {Quoted(start)}", new("", 0.5, "what the samples began with: set it to the first day that is wanted"));
    }

    IEnumerable<string> Keys() =>
        PartitionColumns().Select(p => p.Name).Concat(proposal.Keys.Select(k => proposal.Columns.FirstOrDefault(c => c.From == k)?.Name).OfType<string>()).DefaultIfEmpty(proposal.Columns.Select(c => c.Name).FirstOrDefault() ?? "key");

    // What the records repeat need not be taken from the request.
    IEnumerable<PartitionGuess> PartitionColumns() => proposal.Partitions.Where(p => p.Column is null && proposal.Columns.All(c => c.Name != p.Name));

    static string Text(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') && char.IsAsciiLetter(value[0]) && value.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "n" or "y") ? value : Quoted(value);

    static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    sealed class Lines
    {
        readonly StringBuilder _text = new();

        public void Add(int depth, string line, Finding? why = null)
        {
            _text.Append(' ', depth * 2).Append(line);
            if (why is not null)
                _text.Append(CultureInfo.InvariantCulture, $"  # {why.Confidence:0.##}: {why.Reason.ReplaceLineEndings(" ")}");
            _text.Append('\n');
        }

        public override string ToString() => _text.ToString();
    }
}
