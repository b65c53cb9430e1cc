using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function once for every version of every blob that matches a pattern. Five failures put a message on <c>webjobs-blobtrigger-poison</c>.</summary>
/// <param name="blobPath"><c>container/{name}</c> or <c>container/{a}/{b}.csv</c>; the words in braces bind to parameters of that name.</param>
public sealed class BlobTriggerAttribute(string blobPath) : TriggerBindingAttribute
{
    /// <summary>The pattern as written.</summary>
    public string BlobPath { get; } = blobPath;

    /// <summary>Name of the setting that holds the connection string; <c>AzureWebJobsStorage</c> by default.</summary>
    public string? Connection { get; set; }

    /// <summary>How changes are found. The local runtime scans the container for either value.</summary>
    public BlobTriggerSource Source { get; set; } = BlobTriggerSource.LogsAndContainerScan;
}

/// <summary>How blob changes are found.</summary>
public enum BlobTriggerSource
{
    /// <summary>Storage logs and container scans.</summary>
    LogsAndContainerScan,

    /// <summary>Event Grid.</summary>
    EventGrid,
}
