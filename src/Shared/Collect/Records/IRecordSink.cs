namespace DataIngestion.Collect;

/// <summary>Told about each record of an artefact, in order.</summary>
internal interface IRecordSink
{
    /// <summary>One record.</summary>
    /// <param name="place">Zero-based place among the artefact's records.</param>
    /// <param name="cursor">Text of its cursor field; null when it has none.</param>
    /// <param name="content">Its bytes, layout between tokens left out. Valid only during the call.</param>
    void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content);
}

/// <summary>Only counts.</summary>
internal sealed class NoSink : IRecordSink
{
    public static NoSink Instance { get; } = new();

    public void OnRecord(long place, string? cursor, ReadOnlySpan<byte> content)
    {
    }
}

/// <summary>What an artefact holds.</summary>
/// <param name="Records">Number of its records.</param>
/// <param name="Next">Text of the next page's token; null when there is none.</param>
internal sealed record ArtefactContent(long Records, string? Next);

/// <summary>The bytes are not what the configuration says they should be.</summary>
/// <param name="message">What is wrong, as the end of a sentence that begins with the artefact's name.</param>
internal sealed class UnexpectedContentException(string message) : Exception(message);
