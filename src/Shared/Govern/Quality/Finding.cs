using System.Globalization;

namespace DataIngestion.Govern;

/// <summary>One thing that the gate checks, with how often it was broken and where first.</summary>
/// <param name="problem">What is wrong, as a clause: <c>column 'close' lacks a value</c>.</param>
/// <param name="costs">Whether it lowers the score; otherwise it is only told.</param>
internal sealed class Finding(string problem, bool costs = true)
{
    const int Places = 3;

    readonly List<string> _first = [];

    /// <summary>Rows that are broken.</summary>
    public long Count { get; private set; }

    /// <summary>Rows that lower the score.</summary>
    public long Cost => costs ? Count : 0;

    public void Add(string file, Func<string?> row)
    {
        if (Count++ < Places)
            _first.Add($"{file} row {row()}");
    }

    public void Add(long rows, string where)
    {
        if (rows > 0 && _first.Count < Places)
            _first.Add(where);
        Count += rows;
    }

    /// <summary>The finding as a sentence; null when all is well.</summary>
    public string? Describe(long records) => Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{problem} in {Count:N0} of {records:N0} records ({100d * Count / Math.Max(1, records):0.##} %), first in {string.Join(", ", _first)}.");
}
