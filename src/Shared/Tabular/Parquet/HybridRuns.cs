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

    /// <summary>Decodes <paramref name="output"/>.Length values.</summary>
    /// <returns>Bytes consumed.</returns>
    public static int Decode(ReadOnlySpan<byte> bytes, int width, Span<int> output)
    {
        if (width is < 0 or > 32)
            throw new InvalidDataException($"A bit width of {width} is impossible.");
        var (at, done) = (0, 0);
        while (done < output.Length)
        {
            var header = Varint(bytes, ref at);
            if ((header & 1) == 0)
            {
                var run = (int)Math.Min(header >> 1, (uint)(output.Length - done));
                var value = 0;
                for (var shift = 0; shift < width; shift += 8)
                    value |= Byte(bytes, ref at) << shift;
                output.Slice(done, run).Fill(value);
                done += run;
                if (run == 0 && header >> 1 == 0)
                    throw new InvalidDataException("A run of no values.");
                continue;
            }

            var groups = (long)(header >> 1);
            var wanted = (int)Math.Min(groups * 8, output.Length - done);
            if (wanted == 0 || groups * width > bytes.Length - at && (wanted * (long)width + 7) / 8 > bytes.Length - at)
                throw new InvalidDataException("Packed values end too early.");
            Unpack(bytes[at..], width, output.Slice(done, wanted));
            at = (int)Math.Min(bytes.Length, at + groups * width);
            done += wanted;
        }

        return at;
    }

    static void Unpack(ReadOnlySpan<byte> bytes, int width, Span<int> output)
    {
        var mask = width == 32 ? uint.MaxValue : (1u << width) - 1;
        var (buffer, bits, at) = (0UL, 0, 0);
        for (var i = 0; i < output.Length; i++)
        {
            while (bits < width)
            {
                buffer |= (ulong)bytes[at++] << bits;
                bits += 8;
            }

            output[i] = (int)((uint)buffer & mask);
            buffer >>= width;
            bits -= width;
        }
    }

    static uint Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0u;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Byte(bytes, ref at);
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("The length of a run does not end.");
    }

    static int Byte(ReadOnlySpan<byte> bytes, ref int at) =>
        at < bytes.Length ? bytes[at++] : throw new InvalidDataException("Runs end too early.");
}
