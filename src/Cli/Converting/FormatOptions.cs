using System.CommandLine;
using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>What a person may say about a file's format; everything left out is recognised from the content.</summary>
internal sealed class FormatOptions
{
    readonly Option<string?> _format = new("--format") { Description = "csv, tsv, json, ndjson or xml.", HelpName = "NAME" };

    readonly Option<string?> _recordPath = new("--record-path") { Description = "Where the records are: $.data[*] in JSON, /a/b/c or //Cube[@currency] in XML.", HelpName = "PATH" };

    readonly Option<string?> _delimiter = new("--delimiter") { Description = "What stands between the fields of a CSV file: one or more characters, or 'tab'.", HelpName = "TEXT" };

    readonly Option<bool?> _header = new("--header") { Description = "Whether the first CSV record names the columns: true or false.", HelpName = "BOOL" };

    readonly Option<string?> _encoding = new("--encoding") { Description = "Character encoding by its IANA name, such as windows-1252.", HelpName = "NAME" };

    readonly Option<bool> _nested = new("--nested") { Description = "Keep the objects and arrays of JSON records as struct and list columns instead of a.b columns and JSON text." };

    readonly Option<string?> _types = new("--types") { Description = "infer (default): the narrowest type that holds every value exactly. text: every cell as written.", HelpName = "infer|text" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _types.AcceptOnlyFromAmong("infer", "text");
        foreach (var option in (Option[])[_format, _recordPath, _delimiter, _header, _encoding, _nested, _types])
            command.Options.Add(option);
    }

    /// <summary>The request for one file.</summary>
    public ConversionRequest Request(ParseResult parsed, ConversionSource source) => new()
    {
        Name = source.Name,
        Entry = source.Entry,
        Types = parsed.GetValue(_types) == "text" ? TypesMode.Text : TypesMode.Infer,
        Hint = new FormatHint
        {
            Format = parsed.GetValue(_format),
            RecordPath = parsed.GetValue(_recordPath),
            Delimiter = parsed.GetValue(_delimiter) switch { null => null, "tab" => "\t", var text => text },
            Header = parsed.GetValue(_header),
            Encoding = parsed.GetValue(_encoding),
            Nesting = parsed.GetValue(_nested) ? NestingMode.Nested : NestingMode.Flatten,
        },
    };
}
