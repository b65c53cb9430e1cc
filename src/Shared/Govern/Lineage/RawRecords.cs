using System.Globalization;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>
/// Cuts a record's own text out of a raw artefact where that is cheap: CSV and NDJSON, read up to the record and no further.
/// Other formats name the place and are left to their tools.
/// </summary>
internal sealed class RawRecords(BlobStore blobs)
{
    /// <summary>A longer record is cut here.</summary>
    const int MaxCharacters = 4_096;

    /// <summary>A quote that is never closed must not swallow the file.</summary>
    const int MaxLinesOfRecord = 1_000;

    static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <param name="artefact">The raw bytes.</param>
    /// <param name="row">The row's place as the converter wrote it: the number of its record, from 1.</param>
    /// <param name="values">Texts of the row's values, to tell it from its neighbour where it is unknown whether the first record is a header.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null when it cannot be cut out, or what is there does not look like the row.</returns>
    public async Task<string?> FindAsync(LandedArtefact artefact, string row, IReadOnlyList<string> values, CancellationToken cancellationToken)
    {
        var (isCsv, isNdjson) = FormatOf(artefact);
        if (!long.TryParse(row, CultureInfo.InvariantCulture, out var number) || number < 1 || !(isCsv || isNdjson))
            return null;
        if (await blobs.FindAsync(artefact.Path, cancellationToken) is null)
            return null;
        await using var content = await blobs.OpenReadAsync(artefact.Path, cancellationToken);
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        for (var at = 1L; await ReadRecordAsync(reader, isCsv, cancellationToken) is { } record; at++)
        {
            if (at < number)
                continue;
            if (isNdjson)
                return Cut(record);
            var next = await ReadRecordAsync(reader, isCsv, cancellationToken);
            var (plain, behindHeader) = (Likeness(record, values), next is null ? 0 : Likeness(next, values));
            return Math.Max(plain, behindHeader) == 0 || plain == behindHeader ? null : Cut(plain > behindHeader ? record : next!);
        }

        return null;
    }

    // Blank lines are no records; a quoted field may go on over lines.
    static async Task<string?> ReadRecordAsync(StreamReader reader, bool isCsv, CancellationToken cancellationToken)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync(cancellationToken);
        }
        while (line is not null && string.IsNullOrWhiteSpace(line));

        if (line is null || !isCsv || line.Count(c => c == '"') % 2 == 0)
            return line;
        var record = new StringBuilder(line);
        for (var lines = 1; lines < MaxLinesOfRecord && await reader.ReadLineAsync(cancellationToken) is { } more; lines++)
        {
            record.Append('\n').Append(more);
            if (more.Count(c => c == '"') % 2 == 1)
                break;
        }

        return record.ToString();
    }

    // How many of the row's values stand in the record, as text or as the same number.
    static int Likeness(string record, IReadOnlyList<string> values)
    {
        string[] fields = [.. record.Split(Delimiters).Select(f => f.Trim().Trim('"'))];
        return values.Count(value => Array.Exists(fields, field => IsSame(field, value)));
    }

    static bool IsSame(string field, string value) =>
        field == value
        || (decimal.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var left)
            && decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var right) && left == right);

    static string Cut(string record) => record.Length <= MaxCharacters ? record : string.Concat(record.AsSpan(0, MaxCharacters), "…");

    static (bool IsCsv, bool IsNdjson) FormatOf(LandedArtefact artefact)
    {
        var type = artefact.ContentType ?? "";
        bool Ends(string extension) => artefact.Path.FileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase) || artefact.Name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        return (
            Ends(".csv") || Ends(".tsv") || type.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase),
            Ends(".ndjson") || Ends(".jsonl") || type.Contains("ndjson", StringComparison.OrdinalIgnoreCase));
    }
}
