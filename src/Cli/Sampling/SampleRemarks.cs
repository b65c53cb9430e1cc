using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Conversion.Runs;
using DataIngestion.Storage;

namespace DataIngestion.Cli.Sampling;

/// <summary>Says why rows were set aside.</summary>
internal static class SampleRemarks
{
    const int Shown = 3;

    /// <summary>The first few rows of a quarantine, in words.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(BlobStore blobs, LakePath? quarantine, CancellationToken cancellationToken)
    {
        List<string> remarks = [];
        if (quarantine is not { } folder)
            return remarks;
        await foreach (var blob in blobs.ListAsync(folder.Container, folder.Name + "/", cancellationToken))
        {
            using var reader = new StreamReader(await blobs.OpenReadAsync(blob.Path, cancellationToken));
            while (remarks.Count < Shown && await reader.ReadLineAsync(cancellationToken) is { Length: > 0 } line)
            {
                var row = JsonSerializer.Deserialize<QuarantinedRow>(line, ContractJson.Options)!;
                remarks.Add($"Row {row.Row} was set aside: {(row.Column is null ? "" : $"column {row.Column}, ")}{row.Rule}, expected {row.Expected}, is {row.Raw}.");
            }
        }

        return remarks;
    }
}
