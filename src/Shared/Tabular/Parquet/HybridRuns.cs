namespace DataIngestion.Tabular.Parquet;

/// <summary>The run-length and bit-packing hybrid of levels and dictionary indices.</summary>
internal static class HybridRuns
{
    /// <summary>Bits that hold every index below <paramref name="count"/>.</summary>
    public static int WidthFor(int count) => count <= 1 ? 0 : 32 - int.LeadingZeroCount(count - 1);

    /// <summary>Runs of at least this many equal values are written as such; fewer cost less packed.</summary>
    const int RunFrom = 16;

    public static void Encode(ReadOnlySpan<int> values, int width, ByteSink output)
    {
        if (width == 0)
        {
            output.WriteVarint((uint)values.Length << 1);
            return;
        }

        var (literals, at) = (0, 0);
        while (at <= values.Length - RunFrom)
        {
            // Runs begin where a packed group may end.
            var value = values[at];
            if (values[at + RunFrom - 1] != value || values[at + 1] != value || values.Slice(at, RunFrom).ContainsAnyExcept(value))
            {
                at += 8;
                continue;
            }

            Pack(values[literals..at], width, output);
            var run = values[at..].IndexOfAnyExcept(value) is >= 0 and var other ? other : values.Length - at;
            output.WriteVarint((uint)run << 1);
            for (var shift = 0; shift < width; shift += 8)
                output.Write([(byte)(value >> shift)]);
            at += run;
            literals = at;
        }

        Pack(values[literals..], width, output);
    }

    static void Pack(ReadOnlySpan<int> values, int width, ByteSink output)
    {
        if (values.IsEmpty)
            return;
        var groups = (values.Length + 7) / 8;
        output.WriteVarint(((uint)groups << 1) | 1);
        var whole = values.Length & ~7;
        output.Advance(BitPacking.Pack(values[..whole], width, output.Room(whole * width / 8 + BitPacking.Slack)));
        if (whole == values.Length)
            return;
        Span<int> last = stackalloc int[8];
        last.Clear();
        values[whole..].CopyTo(last);
        output.Advance(BitPacking.Pack<int>(last, width, output.Room(width + BitPacking.Slack)));
    }
}
