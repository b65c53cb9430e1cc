using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>The names of output formats.</summary>
internal static class OutputFormats
{
    /// <summary>The format that was named, or the one that the output's name ends in, or Parquet.</summary>
    /// <exception cref="CommandFailedException">It is none that can be written.</exception>
    public static OutputFormat Parse(string? name, string output) => name?.ToLowerInvariant() switch
    {
        null => Path.GetExtension(output).ToLowerInvariant() switch { ".csv" => OutputFormat.Csv, ".ndjson" or ".jsonl" => OutputFormat.Ndjson, _ => OutputFormat.Parquet },
        "parquet" => OutputFormat.Parquet,
        "csv" => OutputFormat.Csv,
        "ndjson" => OutputFormat.Ndjson,
        "avro" or "arrow" => throw new CommandFailedException(ExitCodes.Usage, $"--to {name} cannot be written yet: expected parquet, csv or ndjson."),
        _ => throw new CommandFailedException(ExitCodes.Usage, $"--to {name} is no format: expected parquet, csv or ndjson."),
    };

    /// <summary>How names of files in it end.</summary>
    public static string ExtensionOf(OutputFormat format) => format switch { OutputFormat.Csv => ".csv", OutputFormat.Ndjson => ".ndjson", _ => ".parquet" };
}
