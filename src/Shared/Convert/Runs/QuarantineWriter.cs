using System.Buffers;
using System.Text.Json;
using DataIngestion.Contracts;

namespace DataIngestion.Conversion.Runs;

/// <summary>One quarantined row: a line of <c>quarantine/{dataset}/{source}/{run}/part-{n}.ndjson</c>.</summary>
/// <param name="Artefact">The raw artefact.</param>
/// <param name="Row">The record's number in it, from 1.</param>
/// <param name="ByteOffset">Where the record begins in the decompressed content; -1 where the format does not tell.</param>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Column">The column at fault; null for the whole record.</param>
/// <param name="Rule">The kind of fault.</param>
/// <param name="Expected">What was expected instead.</param>
/// <param name="Raw">The record as it was written, cut where it is very long.</param>
public sealed record QuarantinedRow(LakePath Artefact, long Row, long ByteOffset, long Line, string? Column, string Rule, string Expected, string Raw);

/// <summary>Writes quarantined rows as NDJSON.</summary>
internal sealed class QuarantineWriter(Stream output, LakePath artefact)
{
    static readonly byte[] NewLine = "\n"u8.ToArray();

    readonly ArrayBufferWriter<byte> _line = new();

    public async ValueTask WriteAsync(RejectedRow row, CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            JsonSerializer.Serialize(
                json, new QuarantinedRow(artefact, row.Row, row.ByteOffset, row.Line, row.Column, row.Rule, row.Expected, row.Raw), ContractJson.Options);
        }

        _line.Write(NewLine);
        await output.WriteAsync(_line.WrittenMemory, cancellationToken);
    }

    public Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);
}
