using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>How inputs, outputs, events and custom statuses become JSON: as the isolated worker's default serialiser does it.</summary>
internal static class DurableJson
{
    /// <summary>Names as declared, read without regard to case.</summary>
    public static JsonSerializerOptions Options { get; } = new() { PropertyNameCaseInsensitive = true };

    public static DataConverter Converter { get; } = new JsonDataConverter(Options);
}
