using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settings of an app's worker.</summary>
public class WorkerOptions
{
    /// <summary>Reads and writes the JSON of triggers and outputs. Default: System.Text.Json, property names compared without case.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
