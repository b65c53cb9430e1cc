using System.CommandLine;
using DataIngestion.Cli.Platform;
using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Converting;

/// <summary>What a person may say about a file's format; everything left out is recognised from the content.</summary>
internal sealed class FormatOptions
{
    readonly Option<string?> _format = new("--format") { Description = $"What the file is: {string.Join(", ", FormatSpecifications.Standard.Names)}.", HelpName = "NAME" };

    readonly Option<string?> _table = new("--table") { Description = "The table to read where a file holds several: a sheet of a workbook, a table of a database; 'all' for each.", HelpName = "NAME" };

    readonly Option<string[]> _options = new("--option") { Description = "Something about the format, by the names of configs/format-specifications.yaml; may be given several times.", HelpName = "NAME=VALUE", DefaultValueFactory = _ => [] };

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
        foreach (var option in (Option[])[_format, _table, _options, _recordPath, _delimiter, _header, _encoding, _nested, _types])
            command.Options.Add(option);
    }

    /// <summary>What formats take on this machine: what is built in, with the configuration's file over it.</summary>
    /// <exception cref="Contracts.ConfigurationException">That file has faults.</exception>
    public static FormatSpecifications Specifications(CommandEnvironment environment) => FormatSpecifications.Load(ConfiguredPlatform.ConfigsOf(environment));

    /// <summary>The request that holds for every input, without its name.</summary>
    /// <exception cref="CommandFailedException">There is no such format, or it has no such option.</exception>
    public ConversionRequest Request(ParseResult parsed, CommandEnvironment environment, FormatSpecifications specifications)
    {
        try
        {
            var format = parsed.GetValue(_format) is { } written ? specifications.NameOf(written) : null;
            return new()
            {
                Types = parsed.GetValue(_types) == "text" ? TypesMode.Text : TypesMode.Infer,
                Hint = new FormatHint
                {
                    Format = format,
                    Table = parsed.GetValue(_table),
                    Options = Values(parsed.GetValue(_options) ?? [], format, specifications),
                    OptionFolder = environment.Directory,
                    MayLeaveOptionFolder = true,
                    RecordPath = parsed.GetValue(_recordPath),
                    Delimiter = parsed.GetValue(_delimiter) switch { null => null, "tab" => "\t", var text => text },
                    Header = parsed.GetValue(_header),
                    Encoding = parsed.GetValue(_encoding),
                    Nesting = parsed.GetValue(_nested) ? NestingMode.Nested : NestingMode.Flatten,
                },
            };
        }
        catch (ConversionException wrong)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"--format: {wrong.Message}", wrong);
        }
    }

    // Without --format the options are checked when the format is known.
    static Dictionary<string, string> Values(string[] written, string? format, FormatSpecifications specifications)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in written)
        {
            if (text.IndexOf('=') is not (> 0 and var at))
                throw new CommandFailedException(ExitCodes.Usage, $"--option '{text}': expected a name, '=' and a value, such as --option skipLines=3.");
            var (name, value) = (text[..at], text[(at + 1)..]);
            if (!options.TryAdd(name, value))
                throw new CommandFailedException(ExitCodes.Usage, $"--option {name} is given twice: leave one of them out.");
            if (format is not null && specifications.Fault(format, name, value) is { } fault)
                throw new CommandFailedException(ExitCodes.Usage, $"--option {name}: {fault}");
        }

        return options;
    }
}
