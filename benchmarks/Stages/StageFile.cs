using DataIngestion.Benchmarks.Convert;

namespace DataIngestion.Benchmarks.Stages;

/// <summary>The generated trades, from a file that is written once.</summary>
internal static class StageFile
{
    public static StageInput Open(int megabytes) => new(RaceFile.Create(new Trades(), RaceForm.Csv, megabytes, Path.Combine("artifacts", "bench")));
}
