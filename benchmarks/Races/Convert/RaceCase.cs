namespace DataIngestion.Benchmarks.Convert;

/// <summary>Whether both sides are told the column types.</summary>
internal enum RaceTyping
{
    Given,
    Inferred,
}

/// <summary>One race.</summary>
internal sealed record RaceCase(RaceFile File, RaceTyping Typing, int Megabytes)
{
    public string Name => $"{File.Dataset.Name} {FormName} {Megabytes} MB, types {(Typing == RaceTyping.Given ? "given" : "inferred")}";

    string FormName => File.Form switch { RaceForm.Csv => "csv", RaceForm.CsvGzip => "csv.gz", _ => "ndjson" };
}
