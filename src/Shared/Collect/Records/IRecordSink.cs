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
internal sealed record ArtefactContent(long Records, string? Next)
{
    /// <summary>What it says about whether there is more: true unless that is false, 0, empty or absent.</summary>
    public bool HasMore { get; init; }

    /// <summary>What it says about how many records there are on all pages; null when it says nothing.</summary>
    public string? Total { get; init; }

    /// <summary>Key of the first record that has one.</summary>
    public string? FirstKey { get; init; }

    /// <summary>Key of the last record that has one.</summary>
    public string? LastKey { get; init; }
}

/// <summary>Where an answer says how its pages go on. A path is null when it is of no interest.</summary>
internal sealed record PagePaths
{
    /// <summary>Of nothing.</summary>
    public static PagePaths None { get; } = new();

    /// <summary>Where the next page's token or address lies.</summary>
    public string? Next { get; init; }

    /// <summary>Where it says whether there is more.</summary>
    public string? More { get; init; }

    /// <summary>Where it says how many records there are.</summary>
    public string? Total { get; init; }

    /// <summary>Field of a record by which pages go on.</summary>
    public string? Key { get; init; }

    /// <summary>Those of a definition.</summary>
    public static PagePaths Of(Contracts.PaginationDefinition? pagination) => pagination is null ? None : new()
    {
        Next = pagination.NextPath,
        More = pagination.MorePath,
        Total = pagination.TotalPath,
        Key = pagination.Field,
    };
}

/// <summary>The first and the last key of an artefact's records.</summary>
internal struct RecordKeys
{
    /// <summary>Of the first record that has one.</summary>
    public string? First { get; private set; }

    /// <summary>Of the last record that has one.</summary>
    public string? Last { get; private set; }

    /// <summary>Takes a record's key into account.</summary>
    public void Add(string? key)
    {
        if (string.IsNullOrEmpty(key))
            return;
        First ??= key;
        Last = key;
    }
}

/// <summary>The bytes are not what the configuration says they should be.</summary>
/// <param name="message">What is wrong, as the end of a sentence that begins with the artefact's name.</param>
internal sealed class UnexpectedContentException(string message) : Exception(message);
