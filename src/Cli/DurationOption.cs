using System.CommandLine;
using DataIngestion.Contracts;

namespace DataIngestion.Cli;

/// <summary>Options that take a length of time.</summary>
internal static class DurationOption
{
    /// <summary>Creates one; a value that is none is a usage error that says what was expected.</summary>
    public static Option<TimeSpan> Create(string name, string description, TimeSpan standard) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Duration.TryParse(text, out var time) && time > TimeSpan.Zero)
                return time;
            result.AddError($"'{text}' does not fit {name}: expected {Duration.Rule}.");
            return standard;
        },
    };
}
