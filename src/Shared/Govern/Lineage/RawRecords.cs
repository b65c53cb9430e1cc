using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>
/// Cuts a record's own text out of a raw artefact, where a record is a line: CSV and NDJSON. Reads up to the line and no further.
/// Other formats name the place and are left to their tools.
/// </summary>
internal sealed class RawRecords(BlobStore blobs)
{
    /// <summary>A longer line is cut here.</summary>
    const int MaxCharacters = 4_096;

    /// <param name="artefact">The raw bytes.</param>
    /// <param name="row">The row's place as the converter wrote it: the number of its line, from 1.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<string?> FindAsync(LandedArtefact artefact, string row, CancellationToken cancellationToken)
    {
        if (!long.TryParse(row, out var line) || line < 1 || !IsLines(artefact) || await blobs.FindAsync(artefact.Path, cancellationToken) is null)
            return null;
        await using var content = await blobs.OpenReadAsync(artefact.Path, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        for (var at = 1L; await reader.ReadLineAsync(cancellationToken) is { } text; at++)
        {
            if (at == line)
                return text.Length <= MaxCharacters ? text : string.Concat(text.AsSpan(0, MaxCharacters), "…");
        }

        return null;
    }

    static bool IsLines(LandedArtefact artefact)
    {
        var name = artefact.Path.FileName;
        var type = artefact.ContentType ?? "";
        return name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
            || type.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase)
            || type.Contains("ndjson", StringComparison.OrdinalIgnoreCase);
    }
}
