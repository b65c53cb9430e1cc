using System.Globalization;

namespace DataIngestion.Benchmarks.Pollock;

/// <summary>The ten measures of one file (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023), each from 0 to 1.</summary>
internal sealed record PollockScore(
    double Success, double HeaderPrecision, double HeaderRecall, double HeaderF1, double RecordPrecision, double RecordRecall, double RecordF1,
    double CellPrecision, double CellRecall, double CellF1)
{
    public static PollockScore Failed { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The simple score of the file, of 10.</summary>
    public double Sum => Success + HeaderPrecision + HeaderRecall + HeaderF1 + RecordPrecision + RecordRecall + RecordF1 + CellPrecision + CellRecall + CellF1;

    /// <summary>
    /// As in the benchmark's <c>metrics.py</c>: the header and the records (all cells of one joined) after normalising cells, the cells as written, each as
    /// multisets; "precision" divides by what the clean file has, "recall" by what was loaded.
    /// </summary>
    public static PollockScore Of(IReadOnlyList<string[]> clean, IReadOnlyList<string[]> loaded)
    {
        if (clean.Count == 0)
            return new(1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        var header = clean[0].Length == 0 ? (1, 1, 1) : Compare(clean[0].Select(Normalize), loaded.Take(1).SelectMany(r => r).Select(Normalize));
        var records = clean.Count == 1 ? (1, 1, 1) : Compare(clean.Skip(1).Select(Join), loaded.Skip(1).Select(Join));
        var cells = Compare(clean.SelectMany(r => r), loaded.SelectMany(r => r));
        return new(1, header.Precision, header.Recall, header.F1, records.Precision, records.Recall, records.F1, cells.Precision, cells.Recall, cells.F1);
    }

    static string Join(string[] row) => string.Concat(row.Select(Normalize));

    /// <summary>
    /// Numbers, truth values and letters' case as the benchmark's <c>normalize_cell</c> does. Its parsing of dates, times and prices is left out: it can
    /// only make more cells equal, so the score here is never above the benchmark's.
    /// </summary>
    static string Normalize(string cell)
    {
        var trimmed = cell.Trim();
        if (cell is "True" or "true" or "1")
            return "1";
        if (cell is "False" or "false" or "0")
            return "0";
        if (long.TryParse(trimmed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            return whole.ToString(CultureInfo.InvariantCulture);
        if (trimmed.Length > 0 && double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return number.ToString("R", CultureInfo.InvariantCulture);
        return cell.ToLowerInvariant();
    }

    static (double Precision, double Recall, double F1) Compare(IEnumerable<string> clean, IEnumerable<string> loaded)
    {
        var wanted = new Dictionary<string, int>(StringComparer.Ordinal);
        var (cleanCount, loadedCount, common) = (0, 0, 0);
        foreach (var item in clean)
        {
            wanted[item] = wanted.GetValueOrDefault(item) + 1;
            cleanCount++;
        }

        foreach (var item in loaded)
        {
            loadedCount++;
            if (wanted.GetValueOrDefault(item) is > 0 and var left)
            {
                wanted[item] = left - 1;
                common++;
            }
        }

        if (common == 0)
            return (0, 0, 0);
        var (precision, recall) = ((double)common / cleanCount, (double)common / loadedCount);
        return (precision, recall, 2 * precision * recall / (precision + recall));
    }
}
