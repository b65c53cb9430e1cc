using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Govern;

/// <summary>
/// Decides whether a conversion is good enough to publish. The score is 100 less the share, in percent, of the records that each finding
/// concerns, and never below 0: <c>100 × max(0, 1 − Σ broken ÷ records)</c>. Records are those that the source sent, so quarantined ones count.
/// A record that breaks two things costs twice; rows that only repeat others cost nothing; a run without records scores 100.
/// </summary>
public sealed class QualityGate(BlobStore blobs, GovernMetrics metrics)
{
    readonly PartScanner _parts = new(blobs);

    /// <summary>
    /// Reads the run's parts and gives the verdict: values that must be there, ranges, the dataset's rules, keys that come twice, and the share that
    /// was quarantined. Memory does not grow with the run; beyond a million rows it is read once more for each further million.
    /// </summary>
    /// <exception cref="StepFailedException">The dataset's rules cannot be used (see <see cref="QualityRules.Validate"/>), or a part is missing or damaged.</exception>
    public async Task<QualityResult> CheckAsync(QualityArguments arguments, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var dataset = arguments.Dataset;
        var checks = new RowChecks(dataset);
        var manifest = (await blobs.ReadJsonAsync<CuratedManifest>(arguments.Curated, cancellationToken))?.Value ?? throw new StepFailedException(new()
        {
            Code = "curated-missing",
            Message = $"There is no curated manifest '{arguments.Curated}'. Convert the run anew.",
        });

        var quarantined = new Finding("the record was quarantined");
        quarantined.Add(manifest.RowsQuarantined, manifest.Quarantine?.ToString() ?? "the quarantine");
        var repeats = new KeyRepeats(dataset, manifest.RowsOut);
        for (var slice = 0; slice < repeats.Slices; slice++)
        {
            repeats.Begin(slice);
            await ScanAsync(manifest, checks: slice == 0 ? checks : null, repeats, cancellationToken);
        }

        var result = Judge(dataset, manifest.RowsIn, [quarantined, .. checks.Findings, repeats.Contradictions, repeats.Repetitions]);
        metrics.Judged(arguments, result);
        return result;
    }

    async Task ScanAsync(CuratedManifest manifest, RowChecks? checks, KeyRepeats repeats, CancellationToken cancellationToken)
    {
        foreach (var part in manifest.Parts)
        {
            await foreach (var batch in _parts.ReadAsync(part.Path, cancellationToken: cancellationToken))
            {
                using (batch)
                {
                    checks?.Check(batch, part.Artefact.FileName);
                    repeats.Check(batch, part.Artefact.FileName);
                }
            }
        }
    }

    static QualityResult Judge(DatasetDefinition dataset, long records, IReadOnlyList<Finding> findings)
    {
        var cost = findings.Sum(f => f.Cost);
        var score = records == 0 ? (cost == 0 ? 100 : 0) : 100 * Math.Max(0, 1 - ((double)cost / records));
        var passed = score >= dataset.Quality.MinimumScore;
        var told = findings.Select(f => f.Describe(records)).OfType<string>().ToList();
        if (!passed)
            told.Insert(0, string.Create(CultureInfo.InvariantCulture, $"the score {score:0.##} is below {dataset.Quality.MinimumScore:0.##}, the least that dataset '{dataset.Dataset}' accepts."));
        return new(score, passed, told);
    }
}
