namespace DataIngestion.Benchmarks.Convert;

/// <summary>Whether both sides are told the column types.</summary>
internal enum RaceTyping
{
    Given,
    Inferred,
}

/// <summary>One race.</summary>
/// <param name="Folder">Where its file is kept.</param>
internal sealed record RaceCase(IRaceDataset Dataset, RaceForm Form, RaceTyping Typing, int Megabytes, string Folder)
{
    readonly Lazy<RaceFile> _file = new(() => RaceFile.Create(Dataset, Form, Megabytes, Folder));

    /// <summary>The input; generated when it is first asked for.</summary>
    public RaceFile File => _file.Value;

    public string Name => $"{Dataset.Name} {FormName} {Megabytes} MB, types {(Typing == RaceTyping.Given ? "given" : "inferred")}";

    string FormName => Form switch { RaceForm.Csv => "csv", RaceForm.CsvGzip => "csv.gz", _ => "ndjson" };
}
