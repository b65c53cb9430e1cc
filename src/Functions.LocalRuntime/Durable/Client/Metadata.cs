using Microsoft.DurableTask.Client;

namespace DataIngestion.LocalRuntime.Durable;

/// <summary>Rows as clients see them.</summary>
internal static class Metadata
{
    /// <param name="full">With input, output, custom status and failure; without it they are null, as in Azure.</param>
    public static OrchestrationMetadata From(EngineCore core, InstanceRow row, bool full) => new(row.Name, row.InstanceId)
    {
        RuntimeStatus = row.Status,
        CreatedAt = new(row.CreatedAt),
        LastUpdatedAt = new(row.UpdatedAt),
        SerializedInput = full ? row.Input : null,
        SerializedOutput = full ? row.Output : null,
        SerializedCustomStatus = full ? row.CustomStatus : null,
        FailureDetails = full && row.Failure is { } failure ? Failures.Deserialize(failure) : null,
        ReadHistory = () => core.Readers.Read(reader => reader.History(row.Key).ToList()),
        DataConverter = full ? DurableJson.Converter : null,
    };
}
