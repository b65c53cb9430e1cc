using DataIngestion.Conversion.Pipeline;

namespace DataIngestion.Conversion.Json;

/// <summary>Reads one JSON text, streaming. A syntax error is an error of the whole file.</summary>
internal sealed class JsonRowReader(JsonPath path, IReadOnlyList<string> inherit, ConversionLimits limits, int bufferBytes = 256 << 10) : IRowReader
{
    public async Task<IReadOnlyList<string>> ReadAsync(Stream content, IRowConsumer consumer, CancellationToken cancellationToken)
    {
        var records = new JsonRecords(path, inherit, consumer);
        await new JsonPump(limits, bufferBytes).RunAsync(content, records, consumer.PumpAsync, cancellationToken);
        List<string> notes = [$"records are at {path.Text}"];
        if (records.RepeatedKeys > 0)
            notes.Add($"{records.RepeatedKeys} keys stand twice in their object; the last value was taken");
        return notes;
    }
}
