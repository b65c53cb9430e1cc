using System.Text.Json;
using DataIngestion.Contracts;
using DataIngestion.Conversion;

namespace DataIngestion.Cli.Converting;

/// <summary>One rejected row as a line of the file beside the output.</summary>
/// <param name="File">The input.</param>
/// <param name="Row">The record's number, from 1.</param>
/// <param name="ByteOffset">Where it begins in the decompressed content; -1 where the format does not tell.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Column">The column at fault; null for the whole record.</param>
/// <param name="Rule">The kind of fault.</param>
/// <param name="Expected">What was expected instead.</param>
/// <param name="Raw">The record as written, cut where it is very long.</param>
/// <param name="IsValueOnly">Whether the row was kept, with null in that column.</param>
internal sealed record RejectedLine(string File, long Row, long ByteOffset, long Line, string? Column, string Rule, string Expected, string Raw, bool IsValueOnly);

/// <summary>Collects rejected rows. The file is made when the first one comes: most conversions need none.</summary>
/// <param name="draft">Where they go; null to keep only the first few.</param>
/// <param name="input">How the input is called.</param>
internal sealed class RejectedFile(Draft? draft, string input) : IAsyncDisposable
{
    const int Shown = 5;

    readonly List<RejectedLine> _first = [];
    StreamWriter? _file;

    /// <summary>The first few, for people.</summary>
    public IReadOnlyList<RejectedLine> First => _first;

    /// <summary>Adds one.</summary>
    public async ValueTask AddAsync(RejectedRow row, CancellationToken cancellationToken)
    {
        var line = new RejectedLine(input, row.Row, row.ByteOffset, row.Line, row.Column, row.Rule, row.Expected, row.Raw, row.IsValueOnly);
        if (_first.Count < Shown)
            _first.Add(line);
        if (draft is null)
            return;
        _file ??= new StreamWriter(draft.Create()) { NewLine = "\n" };
        await _file.WriteLineAsync(JsonSerializer.Serialize(line, ContractJson.Options).AsMemory(), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file?.DisposeAsync() ?? ValueTask.CompletedTask;
}
