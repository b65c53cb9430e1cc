namespace DataIngestion.Connect;

/// <summary>Options of a connection to Google Cloud Storage.</summary>
internal sealed record GcsOptions
{
    /// <summary>Address of the JSON API; default Google's.</summary>
    public Uri Endpoint { get; init; } = new("https://storage.googleapis.com");

    /// <summary>Project that pays for requests to a bucket whose owner does not; null for none.</summary>
    public string? UserProject { get; init; }
}
