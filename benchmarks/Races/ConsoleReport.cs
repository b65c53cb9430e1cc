using System.Text.Json;

namespace DataIngestion.Benchmarks;

/// <summary>Prints results as aligned lines for people or one JSON object a line for programs.</summary>
internal sealed class ConsoleReport(TextWriter output, bool json) : IReport
{
    static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);

    public void Add(RaceResult result)
    {
        if (json)
            output.WriteLine(JsonSerializer.Serialize(result, Lines));
        else
            output.WriteLine($"{result.Race,-10} {result.Case,-44} ours {result.Ours,10:0.##}  theirs {result.Theirs,10:0.##} {result.Unit,-6} ratio {result.Ratio:0.00}  peak {result.PeakMb:0} MB");
    }

    public void Add(BoardResult result)
    {
        if (json)
            output.WriteLine(JsonSerializer.Serialize(result, Lines));
        else
            output.WriteLine($"{result.Board,-10} {result.Case,-60} {result.Score,12:0.###}  goal {result.Goal:0.###}");
    }

    public void Note(string text)
    {
        if (!json)
            output.WriteLine(text);
    }
}
