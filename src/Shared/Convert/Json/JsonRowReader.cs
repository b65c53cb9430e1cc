using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Reads one JSON text, streaming. A syntax error is an error of the whole file.</summary>
internal sealed class JsonRowReader(JsonPath path, IReadOnlyList<string> inherit, bool keepsObjects, ConversionLimits limits, int bufferBytes = 256 << 10) : IRowReader
{
    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var repeated = new RepeatedKeys();
        var records = new JsonRecords(path, inherit, keepsObjects, limits, consumer, repeated, spreadsRoot: true);
        await new JsonPump(limits, bufferBytes).RunAsync(content, records, consumer.PumpAsync, cancellationToken);
        return [$"records are at {path.Text}", .. repeated.Notes];
    }
}
