using System.Globalization;
using Azure.Data.Tables;

namespace DataIngestion.Retry;

/// <summary>
/// A dead letter as two rows of one table partition, written together: <c>id-…</c> to find it, <c>time-…</c> (newest first) to list it.
/// Both hold everything, so a listing is one query.
/// </summary>
internal static class DeadLetterEntity
{
    public const string Partition = "letters";
    const string TimePrefix = "time-";

    /// <summary>Every row of the listing is after this one and before <see cref="ListEnd"/>.</summary>
    public const string ListBegin = TimePrefix;

    /// <summary>The first key that no listed row has.</summary>
    public const string ListEnd = "time.";

    public static string IdRow(string id) => $"id-{id}";

    public static string TimeRow(DeadLetter letter) =>
        string.Create(CultureInfo.InvariantCulture, $"{TimePrefix}{DateTimeOffset.MaxValue.UtcTicks - letter.CreatedAt.UtcTicks:D19}-{letter.Id}");

    /// <summary>Where a page that ends with this letter is continued.</summary>
    public static string TokenOf(DeadLetter letter) => TimeRow(letter)[TimePrefix.Length..];

    /// <summary>The row key that a token stands for, or null if it is none.</summary>
    public static string? RowOf(string token) =>
        token is { Length: 44 } && token[19] == '-' && token.AsSpan(0, 19).IndexOfAnyExceptInRange('0', '9') < 0 && IsId(token[20..]) ? TimePrefix + token : null;

    public static bool IsId(string text) => text.Length == 24 && text.All(char.IsAsciiHexDigitLower);

    public static TableEntity Write(DeadLetter letter, string row) => new(Partition, row)
    {
        ["Id"] = letter.Id,
        ["Kind"] = letter.Kind.ToString(),
        ["Status"] = letter.Status.ToString(),
        ["CreatedAt"] = letter.CreatedAt,
        ["LastFailedAt"] = letter.LastFailedAt,
        ["Reason"] = letter.Reason,
        ["Run"] = letter.Run,
        ["Source"] = letter.Source,
        ["Dataset"] = letter.Dataset,
        ["Step"] = letter.Step,
        ["Queue"] = letter.Queue,
        ["Replays"] = letter.Replays,
        ["ReplayedAt"] = letter.ReplayedAt,
        ["ReplayRun"] = letter.ReplayRun,
    };

    public static DeadLetter Read(TableEntity row) => new()
    {
        Id = row.GetString("Id"),
        Kind = Enum.Parse<DeadLetterKind>(row.GetString("Kind")),
        Status = Enum.Parse<DeadLetterStatus>(row.GetString("Status")),
        CreatedAt = row.GetDateTimeOffset("CreatedAt")!.Value,
        LastFailedAt = row.GetDateTimeOffset("LastFailedAt")!.Value,
        Reason = row.GetString("Reason"),
        Run = row.GetString("Run"),
        Source = row.GetString("Source"),
        Dataset = row.GetString("Dataset"),
        Step = row.GetString("Step"),
        Queue = row.GetString("Queue"),
        Replays = row.GetInt32("Replays") ?? 0,
        ReplayedAt = row.GetDateTimeOffset("ReplayedAt"),
        ReplayRun = row.GetString("ReplayRun"),
    };
}
