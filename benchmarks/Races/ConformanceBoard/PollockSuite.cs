using System.Globalization;
using System.Runtime.CompilerServices;
using DataIngestion.Benchmarks.Pollock;

namespace DataIngestion.Benchmarks.ConformanceBoard;

/// <summary>Messy CSV with no dialect given, against the clean table: right where the Pollock measure is perfect, that is, header, records and cells are all equal.</summary>
internal sealed class PollockSuite(string corpus) : IConformanceSuite
{
    const double Perfect = 9.9995;

    public string Name => corpus.Replace('_', '-');

    public string Folder => "csv/" + corpus;

    public async IAsyncEnumerable<ConformanceCase> RunAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in PollockData.Files(Path.GetDirectoryName(folder)!, corpus))
            yield return await ConformanceCase.ReadingAsync(file.Name, () => CompareAsync(file, cancellationToken));
    }

    static async Task<string?> CompareAsync(PollockFile file, CancellationToken cancellationToken)
    {
        var load = await PollockLoad.LoadAsync(file.Raw, cancellationToken);
        if (load.Failure is not null)
            return load.Failure;
        var clean = PollockText.Read(file.Clean);
        // A clean file may name columns that have no name; then ours are as good.
        if (file.InventsHeader && load.Dialect is { HeaderRows: 0 })
            clean.RemoveAt(0);
        var score = PollockScore.Of(clean, load.Rows);
        return score.Sum >= Perfect ? null : string.Create(
            CultureInfo.InvariantCulture, $"{score.Sum:0.000} of 10 (header {score.HeaderF1:0.000}, records {score.RecordF1:0.000}, cells {score.CellF1:0.000}); {load.Rows.Count} lines read, {clean.Count} expected");
    }
}
