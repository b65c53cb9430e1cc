using System.CommandLine;
using System.Globalization;

namespace DataIngestion.Cli;

/// <summary>Options that take a whole number within bounds.</summary>
internal static class NumberOption
{
    /// <summary>Creates one; a value out of bounds is a usage error that names them.</summary>
    public static Option<int> Create(string name, string helpName, string description, int standard, int least, int most) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
                return number;
            result.AddError($"'{text}' does not fit {name}: expected a number from {least} to {most}.");
            return standard;
        },
    };
}
