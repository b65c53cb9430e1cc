using System.ComponentModel.DataAnnotations;
using System.Globalization;
using DataIngestion.Contracts;

namespace DataIngestion.Cli.Describing;

/// <summary>Pages about what a definition may say: the records of the language, ways of authentication, systems.</summary>
internal sealed class ReferencePages(DocComments docs, ConnectCatalogue catalogue, string root)
{
    /// <summary>Everything that definitions of sources and datasets and samples may say.</summary>
    public string Language()
    {
        var page = new Markdown().Heading(1, "The language of definitions")
            .Block("Generated from the code. Names are in camel case; a fault is told with file, line and what was expected (`ingest sources check`). For editors there are JSON Schemas in `configs/schema`, see [onboarding](onboarding.md#an-editor-that-knows-the-language).")
            .Block("Lengths of time are `500ms`, `30s`, `5m`, `2h`, `1d` or `00:01:30`. Texts with `${NAME}` take the setting of that name.");
        var seen = new HashSet<Type>();
        foreach (var (type, title) in new[] { (typeof(SourceDefinition), "A source"), (typeof(DatasetDefinition), "A dataset"), (typeof(WorkflowDefinition), "A workflow"), (typeof(Sampling.SampleDefinition), "A sample") })
            Record(page, type, title, seen);
        return page.ToString();
    }

    /// <summary>Ways of authentication and templates.</summary>
    public string Authentication()
    {
        var page = new Markdown().Heading(1, "Authentication")
            .Block("What `auth` of a connection or a request may say. [How they work](../../src/Shared/Connect/Authentication/README.md), with examples, stands beside the code. Secrets are references: `${NAME}`, `${file:/run/secrets/name}`, `${keyvault:name}`.");
        foreach (var kind in catalogue.Authentications)
        {
            page.Heading(2, kind.Name);
            if (docs.Of(kind.Options) is { Length: > 0 } summary)
                page.Block(summary);
            Fields(page, kind.Options);
        }

        page.Heading(2, "Templates").Table(
            ["template", "who takes it", "way", "a source says"],
            catalogue.Templates.Select(t => (IReadOnlyList<string?>)[Markdown.Quote(t.Name), t.Summary, $"[{t.Kind}](#{t.Kind})", string.Join("; ", t.Parameters.Select(p => $"`{p.Key}`: {p.Value}"))]));
        return page.ToString();
    }

    /// <summary>One system.</summary>
    public string System(SystemEntry system, string folder)
    {
        var page = new Markdown().Heading(1, system.Name)
            .Block($"A source of the kind {string.Join(" or ", system.Kinds.Select(k => $"`{RecordFields.WordOf(k.ToString())}`"))}; addresses begin with {string.Join(", ", system.Schemes.Select(s => $"`{s}://`"))}. {(system.Authentication.Count == 0 ? "No authentication." : $"[Authentication](../authentication.md): {string.Join(", ", system.Authentication.Select(a => $"`{a}`"))}.")}");
        page.Heading(2, "Options of the connection");
        Fields(page, system.ConnectionOptions);
        page.Heading(2, "Options of read");
        Fields(page, system.ReadOptions);
        if (ReadmeOf(system.Name) is { } readme)
            page.Heading(2, "How it works").Block(Markdown.Moved(WithoutTitle(File.ReadAllText(readme)), Path.GetDirectoryName(readme)!, folder));
        return page.ToString();
    }

    void Record(Markdown page, Type type, string title, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return;
        page.Heading(2, title);
        if (docs.Of(type) is { Length: > 0 } summary)
            page.Block(summary);
        Fields(page, type);
        foreach (var field in RecordFields.Of(type))
        {
            var inner = RecordFields.EntryOf(field.Type, out _) ?? field.Type;
            inner = RecordFields.EntryOf(inner, out _) ?? inner;
            if (RecordFields.IsRecord(inner))
                Record(page, inner, TitleOf(inner), seen);
        }
    }

    void Fields(Markdown page, Type record)
    {
        var fields = RecordFields.Of(record);
        if (fields.Count == 0)
            page.Block("None.");
        page.Table(
            ["field", "value", "default", "says"],
            fields.Select(f => (IReadOnlyList<string?>)[Markdown.Quote(f.Name), ValueOf(f), f.Required ? "**needed**" : f.Default is { } text ? Markdown.Quote(text) : "", docs.Of(f.Property)]));
        foreach (var word in fields.Select(f => RecordFields.EntryOf(f.Type, out _) ?? f.Type).Where(t => t.IsEnum).Distinct())
            page.Block($"{docs.Of(word)}\n\n{string.Join('\n', Enum.GetNames(word).Select(n => $"- `{RecordFields.WordOf(n)}`: {docs.Of(word.GetField(n)!)}"))}");
        if (RecordFields.IsOpen(record))
            page.Block("Every other name is an option of the system or way that is named.");
    }

    static string ValueOf(RecordField field)
    {
        var text = TypeText(field.Type);
        if (field.IsSecret)
            text = "reference to a secret";
        if (field.Rule<RangeAttribute>() is { } range)
            text += $", {Bound(range.Minimum)} to {Bound(range.Maximum)}";
        return text;
    }

    static string TypeText(Type type)
    {
        if (RecordFields.EntryOf(type, out var isMapping) is { } entry)
            return isMapping ? $"names with values: {TypeText(entry)}" : $"list of: {TypeText(entry)}";
        return type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) || type == typeof(long) => "whole number",
            _ when type == typeof(double) || type == typeof(decimal) => "number",
            _ when type == typeof(TimeSpan) => "length of time",
            _ when type == typeof(DateOnly) => "day",
            _ when type == typeof(TimeOnly) => "time of day",
            _ when type == typeof(Uri) => "address",
            _ when type.IsEnum => string.Join(", ", Enum.GetNames(type).Select(n => $"`{RecordFields.WordOf(n)}`")),
            _ => $"[{TitleOf(type)}](#{TitleOf(type).ToLowerInvariant().Replace(' ', '-')})",
        };
    }

    static string Bound(object bound) => bound switch
    {
        string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) => Duration.Format(time),
        long.MaxValue or (double)long.MaxValue => "any number",
        IFormattable number => number.ToString("#,0.######", CultureInfo.InvariantCulture),
        _ => bound.ToString()!,
    };

    // SourceDatasetDefinition is 'Source dataset' to people.
    static string TitleOf(Type type)
    {
        var name = type.Name.EndsWith("Definition", StringComparison.Ordinal) ? type.Name[..^"Definition".Length] : type.Name;
        var words = string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
        return words;
    }

    string? ReadmeOf(string system)
    {
        var folder = Path.Combine(root, "src", "Shared", "Connect", "Systems");
        var plain = system.Replace("-", "", StringComparison.Ordinal);
        var own = !Directory.Exists(folder) ? null : Directory.GetDirectories(folder).FirstOrDefault(d => string.Equals(Path.GetFileName(d), plain, StringComparison.OrdinalIgnoreCase));
        return own is not null && File.Exists(Path.Combine(own, "README.md")) ? Path.Combine(own, "README.md") : null;
    }

    static string WithoutTitle(string text) => text.StartsWith("# ", StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text;
}
