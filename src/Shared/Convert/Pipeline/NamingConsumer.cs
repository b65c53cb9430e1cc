namespace DataIngestion.Conversion.Pipeline;

/// <summary>Learns only what columns there are.</summary>
internal sealed class NamingConsumer(ConversionLimits limits) : IRowConsumer
{
    public ColumnNames Names { get; } = new(limits.MaxColumns);

    public void Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<Cell> cells, in RowPlace place, ReadOnlySpan<byte> raw)
    {
    }

    public void Reject(in RowPlace place, string? column, string rule, string expected, ReadOnlySpan<byte> raw)
    {
    }

    public ValueTask PumpAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
