using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Formats;

namespace DataIngestion.Conversion.Fix;

/// <summary>What configuration says about a FIX log.</summary>
internal sealed record FixOptions
{
    /// <summary>The name of the table of all messages.</summary>
    public const string AllMessages = "messages";

    public required FixDictionaries Dictionaries { get; init; }

    /// <summary>Whether length and checksum of each message must be right. Default true; logs whose values were masked need false.</summary>
    public bool Verify { get; init; } = true;

    /// <summary>Whether each message is held against the dictionary. Default false.</summary>
    public bool Validate { get; init; }

    /// <summary>Whether codes are replaced by their names. Default false.</summary>
    public bool NamesValues { get; init; }

    /// <summary>Whether repeating groups may become lists of structs; otherwise they are JSON text.</summary>
    public bool KeepsGroups { get; init; }

    /// <summary>The type of messages that are read, as name or code; null for all.</summary>
    public string? Table { get; init; }

    /// <summary>Whether values stay as they are written.</summary>
    public bool KeepsText { get; init; }

    /// <summary>Whether messages of a type are read.</summary>
    /// <param name="type">Null where the message has none.</param>
    public bool IsWanted(string? type, FixVersion version) => Table is null || (type is not null && (type == Table || version.MessageName(type) == Table));

    /// <summary>How values are read that are no UTF-8.</summary>
    public System.Text.Encoding Encoding { get; init; } = System.Text.Encoding.Latin1;

    /// <summary>By hint, because a dictionary is read once for a conversion.</summary>
    static readonly ConditionalWeakTable<FormatHint, FixOptions> Known = [];

    public static FixOptions Of(FormatContext context)
    {
        var options = Known.TryGetValue(context.Request.Hint, out var known) ? known : Known.GetOrAdd(context.Request.Hint, Read(context));
        return options with { KeepsText = context.Request.Types == TypesMode.Text && context.Request.Schema is null };
    }

    static FixOptions Read(FormatContext context)
    {
        var options = context.Options;
        var custom = options.File("dictionary", FixDictionaryXml.MostBytes) is { } content ? new FixDictionary(FixDictionaryXml.Read(content)) : null;
        var application = options.Word("application-version", "FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIX.5.0", "FIX.5.0SP1", "FIX.5.0SP2");
        return new()
        {
            Dictionaries = new(custom, application ?? "FIX.5.0SP2"),
            Verify = options.Flag("verify") ?? true,
            Validate = options.Flag("validate") ?? false,
            NamesValues = options.Word("values", "codes", "names") == "names",
            KeepsGroups = context.Request.Hint.Nesting == NestingMode.Nested,
            Table = context.Table is null or AllMessages ? null : context.Table,
            Encoding = context.Request.Hint.Encoding is { } name && name != "utf-8" ? Pipeline.InputStreams.Find(name) : System.Text.Encoding.Latin1,
        };
    }
}
