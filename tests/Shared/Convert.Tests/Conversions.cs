using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Tests;

/// <summary>A conversion with everything it gave.</summary>
internal sealed record Converted(ConversionResult Result, IReadOnlyList<object?[]> Rows, IReadOnlyList<RejectedRow> Rejected, byte[] Bytes)
{
    public DataSchema Schema => Result.Schema;

    public object? this[int row, string column] => Rows[row][Schema.IndexOf(column)];

    public string TypeOf(string column) => Schema[Schema.IndexOf(column)].Type.ToString();
}

internal static class Conversions
{
    public static Task<Converted> RunAsync(string text, ConversionRequest? request = null, int chunk = int.MaxValue) =>
        RunAsync(Encoding.UTF8.GetBytes(text), request, chunk);

    public static async Task<Converted> RunAsync(byte[] input, ConversionRequest? request = null, int chunk = int.MaxValue, Converter? converter = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var output = new MemoryStream();
        var rejected = new List<RejectedRow>();
        var result = await (converter ?? new()).ConvertAsync(
            _ => new(new ChunkedStream(input, chunk)),
            output,
            (row, _) =>
            {
                rejected.Add(row);
                return ValueTask.CompletedTask;
            },
            request ?? new(),
            null,
            cancellationToken);
        var rows = new List<object?[]>();
        output.Position = 0;
        await foreach (var batch in ParquetReader.ReadAsync(output, null, cancellationToken))
        {
            for (var row = 0; row < batch.Count; row++)
                rows.Add(batch.GetRow(row));
            batch.Dispose();
        }

        Assert.Equal(result.RowsOut, rows.Count);
        Assert.Equal(result.RowsRejected, rejected.Count(r => !r.IsValueOnly));
        Assert.Equal(result.RowsIn, result.RowsOut + result.RowsRejected);
        return new(result, rows, rejected, output.ToArray());
    }

    public static ConversionRequest As(string format, string? path = null, params string[] inherit) =>
        new() { Hint = new() { Format = format, RecordPath = path, Inherit = inherit.Length == 0 ? null : inherit } };
}

/// <summary>A stream that gives at most so many bytes at a time.</summary>
internal sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes, writable: false)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer, offset, count));
}
