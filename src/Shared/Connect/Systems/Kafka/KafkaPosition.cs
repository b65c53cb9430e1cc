using System.Runtime.InteropServices;
using System.Text;

namespace DataIngestion.Connect;

/// <summary>Where a partition continues.</summary>
/// <param name="Offset">Next offset to read.</param>
/// <param name="Epoch">Leader epoch of the message before it, which tells a log that was cut and written anew; null where unknown.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KafkaMark(long Offset, int? Epoch);

/// <summary>
/// Next offset of every partition, as text: <c>0:1500@3,1:1622</c>, which is partition, offset and leader epoch. When that would be
/// too long, the same text compressed behind <c>z:</c>.
/// </summary>
internal static class KafkaPosition
{
    /// <summary>Writes it; null when even compressed it is too long.</summary>
    public static string? Write(IReadOnlyDictionary<int, KafkaMark> marks)
    {
        var text = new StringBuilder();
        foreach (var (partition, mark) in marks.OrderBy(m => m.Key))
        {
            text.Append(text.Length > 0 ? "," : "").Append(partition).Append(':').Append(mark.Offset);
            if (mark.Epoch is { } epoch)
                text.Append('@').Append(epoch);
        }

        return PositionText.Pack(text.ToString());
    }

    /// <summary>Reads what <see cref="Write"/> wrote; null when it is something else.</summary>
    public static Dictionary<int, KafkaMark>? Read(string text)
    {
        if (PositionText.Unpack(text) is not { } unpacked)
            return null;
        var marks = new Dictionary<int, KafkaMark>();
        foreach (var entry in unpacked.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var at = entry.IndexOf('@', StringComparison.Ordinal);
            var epoch = -1;
            if (colon < 0 || !int.TryParse(entry.AsSpan(0, colon), out var partition) || partition < 0
                || !long.TryParse(entry.AsSpan((colon + 1)..(at < 0 ? entry.Length : at)), out var offset) || offset < 0
                || (at >= 0 && !int.TryParse(entry.AsSpan(at + 1), out epoch)))
            {
                return null;
            }

            marks[partition] = new(offset, epoch >= 0 ? epoch : null);
        }

        return marks;
    }
}
