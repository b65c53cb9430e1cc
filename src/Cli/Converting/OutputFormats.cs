using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>The names of output formats.</summary>
internal static class OutputFormats
{
    /// <summary>What can be written, for messages.</summary>
    public const string Names = "parquet, csv, ndjson, avro or arrow";

    /// <summary>The format that was named, or the one that the output's name ends in, or Parquet.</summary>
    /// <exception cref="CommandFailedException">It is none that can be written.</exception>
    public static OutputFormat Parse(string? name, string output) => name?.ToLowerInvariant() switch
    {
        null => Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".csv" => OutputFormat.Csv,
            ".ndjson" or ".jsonl" => OutputFormat.Ndjson,
            ".avro" => OutputFormat.Avro,
            ".arrow" or ".feather" => OutputFormat.Arrow,
            _ => OutputFormat.Parquet,
        },
        "parquet" => OutputFormat.Parquet,
        "csv" => OutputFormat.Csv,
        "ndjson" => OutputFormat.Ndjson,
        "avro" => OutputFormat.Avro,
        "arrow" => OutputFormat.Arrow,
        _ => throw new CommandFailedException(ExitCodes.Usage, $"--to {name} is no format that can be written: expected {Names}."),
    };

    /// <summary>How names of files in it end.</summary>
    public static string ExtensionOf(OutputFormat format) => format switch
    {
        OutputFormat.Csv => ".csv",
        OutputFormat.Ndjson => ".ndjson",
        OutputFormat.Avro => ".avro",
        OutputFormat.Arrow => ".arrow",
        _ => ".parquet",
    };
}
