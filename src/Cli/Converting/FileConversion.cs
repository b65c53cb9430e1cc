using DataIngestion.Conversion;
using DataIngestion.Conversion.Specifications;

namespace DataIngestion.Cli.Converting;

/// <summary>What became of one file.</summary>
/// <param name="Input">The file.</param>
/// <param name="Output">What was written; <c>-</c> for standard output.</param>
/// <param name="Rejected">The file with the rows that did not fit, one JSON object a line; null when there are none.</param>
/// <param name="Result">The numbers.</param>
/// <param name="Seconds">Duration.</param>
/// <param name="MegabytesPerSecond">Megabytes (10^6) of the input as stored, a second.</param>
/// <param name="FirstRejected">The first few rows that did not fit.</param>
internal sealed record ConvertedFile(
    string Input, string Output, string? Rejected, ConversionResult Result, double Seconds, double MegabytesPerSecond, IReadOnlyList<RejectedLine> FirstRejected);

/// <summary>Converts files of this machine. The output appears under its name only when it is whole.</summary>
internal sealed class FileConversion(CommandEnvironment environment, FormatSpecifications specifications)
{
    readonly Converter _converter = new(new FormatRecognizer(), specifications);

    /// <summary>Converts one file.</summary>
    /// <param name="source">The input.</param>
    /// <param name="output">A full path, or <see cref="Targets.StandardOutput"/>.</param>
    /// <param name="rejectedPath">Where rejected rows go; null for nowhere.</param>
    /// <param name="request">How.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailedException">The input cannot be converted as a whole, or the output not be written; nothing is left then.</exception>
    public async Task<ConvertedFile> ConvertAsync(
        ConversionSource source, string output, string? rejectedPath, ConversionRequest request, IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        var began = environment.Time.GetTimestamp();
        var before = source.State();
        await using var draft = new Draft(environment, output);
        await using var rejectedDraft = rejectedPath is null ? null : new Draft(environment, rejectedPath);
        ConversionResult result;
        RejectedFile rejected;
        try
        {
            await using (rejected = new RejectedFile(rejectedDraft, source.Shown))
            {
                await using var content = draft.Create();
                result = await RunAsync(source, content, request, rejected.AddAsync, progress, before, cancellationToken);
            }

            if (rejectedDraft is not null)
                await rejectedDraft.PublishAsync(cancellationToken);
            await draft.PublishAsync(cancellationToken);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Failed, $"'{source.Shown}' cannot be converted to '{output}': {full.Message.TrimEnd('.')}. Nothing was written.", full);
        }

        var seconds = environment.Time.GetElapsedTime(began).TotalSeconds;
        return new(
            source.Shown, output, rejectedPath is not null && File.Exists(rejectedPath) ? rejectedPath : null, result,
            Math.Round(seconds, 3), Math.Round(before.Length / 1e6 / Math.Max(seconds, 1e-6), 1), rejected.First);
    }

    /// <summary>Converts into nothing, for those who only want to know the schema.</summary>
    public Task<ConversionResult> InspectAsync(ConversionSource source, ConversionRequest request, CancellationToken cancellationToken) =>
        RunAsync(source, Stream.Null, request, (_, _) => ValueTask.CompletedTask, null, source.State(), cancellationToken);

    async Task<ConversionResult> RunAsync(
        ConversionSource source, Stream output, ConversionRequest request, RejectedRowSink rejected, IProgress<ConversionProgress>? progress, FileState before, CancellationToken cancellationToken)
    {
        try
        {
            var result = await _converter.ConvertAsync(_ => new(source.Open()), output, rejected, request with { Name = source.Name, Hint = request.Hint with { Table = source.Table } }, progress, cancellationToken);
            if (source.Change(before) is { } change)
                throw new CommandFailedException(ExitCodes.Failed, change);
            return source.Member is { } member ? result with { Format = result.Format with { Container = member.Container, Entry = member.Member } } : result;
        }
        catch (Exception fault) when (fault is ConversionException or InvalidDataException)
        {
            // A file that changes looks damaged; that it changes is the cause.
            throw source.Change(before) is { } change
                ? new CommandFailedException(ExitCodes.Failed, change, fault)
                : new CommandFailedException(ExitCodes.Unreadable, $"'{source.Shown}': {fault.Message}", fault);
        }
    }
}
