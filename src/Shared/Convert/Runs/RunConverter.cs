using System.Security.Cryptography;
using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Storage;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Runs;

/// <summary>
/// Converts what one run landed of one dataset: a Parquet file per raw artefact, the quarantined rows beside each other, and a
/// manifest, written last. Paths follow from the run and writes happen once, so a conversion that is repeated, in the middle or after
/// its end, ends in the same blobs.
/// </summary>
public sealed class RunConverter(Converter converter, BlobStore blobs)
{
    /// <summary>Converts the run.</summary>
    /// <param name="arguments">What to convert into what.</param>
    /// <param name="checks">Rules that a row can break by itself; a row that does is quarantined.</param>
    /// <param name="cancellationToken">Stops it; what was written stays and is found again.</param>
    /// <exception cref="StepFailedException">An artefact as a whole cannot be read, or the landing manifest is missing.</exception>
    public async Task<ConvertResult> ConvertAsync(ConvertArguments arguments, IReadOnlyList<IRowCheck> checks, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var landing = (await blobs.ReadJsonAsync<LandingManifest>(arguments.Landing, cancellationToken))?.Value
            ?? throw new StepFailedException(new() { Code = "landing-missing", Message = $"There is no landing manifest '{arguments.Landing}': collect the run anew." });
        var folder = LakePath.CuratedOf(landing.Dataset, landing.Source, landing.Run);
        var manifestAt = folder.Child("manifest.json");
        if (await blobs.ReadJsonAsync<CuratedManifest>(manifestAt, cancellationToken) is { Value: var earlier })
            return ResultOf(earlier, manifestAt);

        var parts = new List<ConvertedArtefact>();
        for (var n = 0; n < landing.Artefacts.Count; n++)
        {
            var artefact = landing.Artefacts[n];
            var request = Requests.Of(arguments, landing, artefact, checks, converter.Specifications.Folder);
            parts.Add(await ConvertAsync(artefact, folder.Child($"part-{n}.parquet"), QuarantineOf(landing, n), request, cancellationToken));
        }

        var quarantined = parts.Sum(p => p.RowsQuarantined);
        var manifest = new CuratedManifest
        {
            Run = landing.Run,
            Source = landing.Source,
            Dataset = landing.Dataset,
            Landing = arguments.Landing,
            Parts = [.. parts.Select(p => p.Part)],
            Schema = JsonSerializer.Deserialize<JsonElement>(DatasetSchema.Of(arguments.Dataset).ToJson()),
            RowsIn = parts.Sum(p => p.RowsIn),
            RowsOut = parts.Sum(p => p.Part.Rows),
            RowsQuarantined = quarantined,
            Quarantine = quarantined == 0 ? null : LakePath.QuarantineOf(landing.Dataset, landing.Source, landing.Run),
        };
        if (manifest.RowsIn != manifest.RowsOut + manifest.RowsQuarantined)
            throw new InvalidOperationException($"{landing.Run}: {manifest.RowsIn} rows in are not {manifest.RowsOut} out and {manifest.RowsQuarantined} quarantined.");
        await blobs.WriteJsonOnceAsync(manifestAt, manifest, cancellationToken);
        return ResultOf(manifest, manifestAt);
    }

    async Task<ConvertedArtefact> ConvertAsync(
        LandedArtefact artefact, LakePath partAt, LakePath quarantineAt, ConversionRequest request, CancellationToken cancellationToken)
    {
        await using var parquet = TemporaryFile();
        await using var rejected = TemporaryFile();
        var quarantine = new QuarantineWriter(rejected, artefact.Path);
        ConversionResult converted;
        try
        {
            converted = await converter.ConvertAsync(
                async stop => await blobs.OpenReadAsync(artefact.Path, stop), parquet, quarantine.WriteAsync, request, progress: null, cancellationToken);
        }
        catch (ConversionException unreadable)
        {
            throw new StepFailedException(
                new() { Code = "unreadable", Message = $"'{artefact.Path}' ({artefact.Name}) cannot be converted: {unreadable.Message}", ErrorType = typeof(ConversionException).FullName },
                unreadable);
        }

        await quarantine.FlushAsync(cancellationToken);
        var sha256 = await HashAsync(parquet, cancellationToken);
        await blobs.WriteOnceAsync(partAt, parquet, "application/vnd.apache.parquet", cancellationToken);
        if (converted.RowsRejected > 0)
        {
            rejected.Position = 0;
            await blobs.WriteOnceAsync(quarantineAt, rejected, "application/x-ndjson", cancellationToken);
        }

        return new(new(partAt, converted.RowsOut, parquet.Length, sha256, artefact.Path), converted.RowsIn, converted.RowsRejected);
    }

    static async Task<string> HashAsync(FileStream file, CancellationToken cancellationToken)
    {
        file.Position = 0;
        var hash = await SHA256.HashDataAsync(file, cancellationToken);
        file.Position = 0;
        return Convert.ToHexStringLower(hash);
    }

    static LakePath QuarantineOf(LandingManifest landing, int n) =>
        LakePath.QuarantineOf(landing.Dataset, landing.Source, landing.Run).Child($"part-{n}.ndjson");

    static ConvertResult ResultOf(CuratedManifest manifest, LakePath at) => new()
    {
        Manifest = at,
        RowsIn = manifest.RowsIn,
        RowsOut = manifest.RowsOut,
        RowsQuarantined = manifest.RowsQuarantined,
        Quarantine = manifest.Quarantine,
    };

    // Memory follows the batch, so whole files wait on disk until they can be written in one piece.
    static FileStream TemporaryFile() => new(
        Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16,
        FileOptions.DeleteOnClose | FileOptions.Asynchronous);

    sealed record ConvertedArtefact(CuratedPart Part, long RowsIn, long RowsQuarantined);
}
