using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settings of an app's worker.</summary>
public class WorkerOptions
{
    /// <summary>Reads and writes the JSON of triggers and outputs. Default: System.Text.Json, property names compared without case.</summary>
    public ObjectSerializer? Serializer { get; set; }

    /// <summary>What the worker tells the host that it can do. The local runtime passes it over.</summary>
    public IDictionary<string, string> Capabilities { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
