using System.Globalization;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>Where a shard continues: behind a record, in the middle of an aggregated one, at a time, at its beginning, or nowhere.</summary>
internal sealed record KinesisMark
{
    /// <summary>The beginning.</summary>
    public static readonly KinesisMark Beginning = new();

    /// <summary>Sequence number of the last record taken, or of the aggregated one that was taken in part.</summary>
    public string? Sequence { get; init; }

    /// <summary>How many records of an aggregated one have been taken; 0 for the whole.</summary>
    public int Taken { get; init; }

    /// <summary>Arrival from which on records are taken; before any was.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Whether it was read to its end.</summary>
    public bool IsEnd { get; init; }
}

/// <summary>
/// A stream's position as text: shards, each with its number and <c>-</c> (beginning), <c>@</c> and milliseconds (a time), a sequence
/// number, a sequence number with <c>.n</c> (n records of an aggregated one), or <c>end</c>: <c>0:end,1:4957…,2:4957….3</c>.
/// </summary>
internal static class KinesisPosition
{
    const string Prefix = "shardId-";

    /// <summary>Writes it; null when it is too long.</summary>
    public static string? Write(IReadOnlyDictionary<string, KinesisMark> marks)
    {
        var text = new StringBuilder();
        foreach (var (shard, mark) in marks.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            text.Append(text.Length > 0 ? "," : "").Append(Short(shard)).Append(':').Append(
                mark.IsEnd ? "end"
                : mark.Sequence is { } sequence ? sequence + (mark.Taken > 0 ? $".{mark.Taken}" : "")
                : mark.Time is { } time ? $"@{time.ToUnixTimeMilliseconds()}"
                : "-");
        }

        return PositionText.Pack(text.ToString());
    }

    /// <summary>Reads it; null when it is none.</summary>
    public static Dictionary<string, KinesisMark>? Read(string text)
    {
        if (PositionText.Unpack(text) is not { } unpacked)
            return null;
        var marks = new Dictionary<string, KinesisMark>(StringComparer.Ordinal);
        foreach (var entry in unpacked.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split(':') is not [var shard, var place] || MarkOf(place) is not { } mark)
                return null;
            marks[Long(shard)] = mark;
        }

        return marks;
    }

    static KinesisMark? MarkOf(string place)
    {
        if (place == "end")
            return new() { IsEnd = true };
        if (place == "-")
            return KinesisMark.Beginning;
        if (place.StartsWith('@'))
            return long.TryParse(place.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time < 253_402_300_800_000 ? new() { Time = DateTimeOffset.FromUnixTimeMilliseconds(time) } : null;
        var parts = place.Split('.');
        var taken = 0;
        return parts[0].Length > 0 && parts[0].AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && parts.Length <= 2
            && (parts.Length == 1 || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out taken) && taken > 0))
                ? new() { Sequence = parts[0], Taken = taken }
                : null;
    }

    static string Short(string shard) => shard.StartsWith(Prefix, StringComparison.Ordinal) && long.TryParse(shard.AsSpan(Prefix.Length), out var number) && Long($"{number}") == shard ? $"{number}" : shard;

    static string Long(string shard) => long.TryParse(shard, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? $"{Prefix}{number:D12}" : shard;
}
