using DataIngestion.Conversion.Archives;
using DataIngestion.Conversion.Compression;
using DataIngestion.Conversion.Documents;
using DataIngestion.Conversion.Formats;
using DataIngestion.Conversion.Identifiers;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Specifications;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion;

/// <summary>
/// Converts one input to typed rows in one of several formats. Memory follows the batch, never the input. The same input and request give the
/// same bytes, on any number of threads. Thread-safe.
/// </summary>
public sealed class Converter(IFormatRecognizer recognizer, FormatSpecifications specifications)
{
    /// <summary>A converter that recognises formats by their bytes, with the specifications that are built in.</summary>
    public Converter()
        : this(new FormatRecognizer(), FormatSpecifications.Standard)
    {
    }

    /// <summary>What formats take.</summary>
    internal FormatSpecifications Specifications => specifications;

    /// <summary>Bytes of a block, the unit of parallel work.</summary>
    internal int BlockBytes { get; init; } = 1 << 20;

    /// <summary>Bytes at the start of an input from which types are foreseen.</summary>
    internal int HeadBytes { get; init; } = 1 << 20;

    /// <summary>Converts.</summary>
    /// <param name="openInput">
    /// Opens the input from its start; called several times (recognition, the first records, conversion, and inference over every value where the
    /// first records do not foresee it or the output cannot be taken back).
    /// </param>
    /// <param name="output">
    /// Receives the file from its present position; need not be seekable (an input of inferred types is read twice then), is left open, and
    /// holds no readable file unless this returns.
    /// </param>
    /// <param name="rejected">Receives each record that could not become a row, in order.</param>
    /// <param name="request">What to convert, and how.</param>
    /// <param name="progress">Told after every piece read.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="ConversionException">The input as a whole cannot be converted.</exception>
    public async Task<ConversionResult> ConvertAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, Stream output, RejectedRowSink rejected, ConversionRequest request,
        IProgress<ConversionProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(openInput);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(rejected);
        ArgumentNullException.ThrowIfNull(request);
        if (request is { Schema: { } schema, Policy: SchemaPolicy.DiscardRow })
            request = request with { Checks = [.. request.Checks, .. IdentifierCheck.Of(schema)] };
        using var part = await ArchivePart.FindAsync(openInput, request, specifications.Bound(request.Limits), cancellationToken);
        if (part is null)
            return await ConvertContentAsync(openInput, output, rejected, request, progress, cancellationToken);
        var result = await ConvertContentAsync(part.OpenAsync, output, rejected, request with { Name = part.Name, Entry = null }, progress, cancellationToken);
        return result with { Format = part.Complete(result.Format), Notes = [.. result.Notes, .. part.Notes] };
    }

    async Task<ConversionResult> ConvertContentAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, Stream output, RejectedRowSink rejected, ConversionRequest request,
        IProgress<ConversionProgress>? progress, CancellationToken cancellationToken)
    {
        (var finding, request) = await RecognizeAsync(openInput, request, cancellationToken);
        var input = new ConversionInput(request, finding, openInput, progress);
        if (await DocumentPath.FindAsync(input, cancellationToken) is { } path)
        {
            request = request with { Hint = request.Hint with { RecordPath = path } };
            var result = await ConvertContentAsync(new(request, finding, openInput, progress), output, rejected, cancellationToken);
            return result with { Notes = [$"records are at {path}", .. result.Notes] };
        }

        return await ConvertContentAsync(input, output, rejected, cancellationToken);
    }

    async Task<ConversionResult> ConvertContentAsync(ConversionInput input, Stream output, RejectedRowSink rejected, CancellationToken cancellationToken)
    {
        var (finding, request) = (input.Finding, input.Request);
        var run = new ConversionRun(input, output, rejected, BlockBytes);
        if (input.Format is IColumnFormat && request.Shaping is not null)
            throw new ConversionException($"{finding.Format} holds typed columns, which are mapped as they are: leave templates, 'or', 'default', 'preamble' and 'unpivot' out.");
        if (input.Format is IColumnFormat columns)
            return await run.OfColumnsAsync(columns, cancellationToken);
        if (RecordShape.Blocks(finding, request) is { } format && await InputHead.ReadAsync(input, format, HeadBytes, cancellationToken) is { } head)
            return await run.InBlocksAsync(format, head, cancellationToken);
        var shape = await RecordShape.FindAsync(finding, request, () => input.OpenAsync(cancellationToken), cancellationToken);
        return await run.RowWiseAsync(shape, cancellationToken);
    }

    async Task<(FormatFinding Finding, ConversionRequest Request)> RecognizeAsync(
        Func<CancellationToken, ValueTask<Stream>> openInput, ConversionRequest request, CancellationToken cancellationToken)
    {
        request = request with { Hint = SharedOptions.Apply(request.Hint) };
        var head = await StoredHead.ReadAsync(openInput, recognizer, request with { Limits = specifications.Bound(request.Limits) }, cancellationToken);
        var finding = head.Complete(Findings.Settle(head.Found, head.Bytes, request));
        return (finding, specifications.Complete(finding.Format, request));
    }
}
