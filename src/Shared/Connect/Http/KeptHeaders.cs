namespace DataIngestion.Connect;

/// <summary>The response headers that may be kept. A list of what is let through: cookies and tokens that vendors send back are not on it.</summary>
internal static class KeptHeaders
{
    static readonly string[] Names =
    [
        "Age", "Cache-Control", "Content-Disposition", "Content-Language", "Content-Type", "Date", "ETag", "Expires", "Last-Modified", "Link", "Retry-After",
        "X-Request-Id", "X-Total-Count",
    ];

    public static Dictionary<string, string> Of(HttpResponseMessage message, SourceSecrets secrets)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Names)
        {
            if (Find(message, name) is { } value)
                kept[name] = secrets.Mask(value);
        }

        return kept;
    }

    /// <summary>A header of an answer, several values joined by a comma; null where it is not there.</summary>
    public static string? Find(HttpResponseMessage message, string name) =>
        message.Headers.NonValidated.TryGetValues(name, out var values) || message.Content.Headers.NonValidated.TryGetValues(name, out values) ? string.Join(", ", values) : null;
}
