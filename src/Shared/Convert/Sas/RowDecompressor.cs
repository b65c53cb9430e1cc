namespace DataIngestion.Conversion.Sas;

/// <summary>Unpacks rows of compressed data sets. What a row unpacks to must be as long as a row.</summary>
internal static class RowDecompressor
{
    /// <summary>COMPRESS=CHAR (SASYZCRL): runs of a byte and of other bytes.</summary>
    public static void Runs(ReadOnlySpan<byte> from, Span<byte> row)
    {
        var (at, to) = (0, 0);
        while (at < from.Length)
        {
            var (command, low) = (from[at] >> 4, from[at] & 15);
            at++;
            switch (command)
            {
                case 0:
                    Copy(from, ref at, row, ref to, 64 + (low * 256) + Next(from, ref at));
                    break;
                case 1:
                    Copy(from, ref at, row, ref to, 4160 + (low * 256) + Next(from, ref at));
                    break;
                case 2:
                    Copy(from, ref at, row, ref to, 96 + low);
                    break;
                case 4:
                    var count = 18 + (low * 256) + Next(from, ref at);
                    Fill(row, ref to, Next(from, ref at), count);
                    break;
                case 5:
                    Fill(row, ref to, (byte)'@', 17 + (low * 256) + Next(from, ref at));
                    break;
                case 6:
                    Fill(row, ref to, (byte)' ', 17 + (low * 256) + Next(from, ref at));
                    break;
                case 7:
                    Fill(row, ref to, 0, 17 + (low * 256) + Next(from, ref at));
                    break;
                case 8 or 9 or 10 or 11:
                    Copy(from, ref at, row, ref to, 1 + low + ((command - 8) * 16));
                    break;
                case 12:
                    Fill(row, ref to, Next(from, ref at), 3 + low);
                    break;
                case 13:
                    Fill(row, ref to, (byte)'@', 2 + low);
                    break;
                case 14:
                    Fill(row, ref to, (byte)' ', 2 + low);
                    break;
                case 15:
                    Fill(row, ref to, 0, 2 + low);
                    break;
                default:
                    throw new InvalidDataException($"A compressed row of the SAS file has the command {command}, which is not known.");
            }
        }

        CheckEnd(row, to);
    }

    /// <summary>COMPRESS=BINARY (SASYZCR2): Ross Data Compression, runs and repetitions of what came before.</summary>
    public static void Repeats(ReadOnlySpan<byte> from, Span<byte> row)
    {
        var (at, to, bits, left) = (0, 0, 0, 0);
        while (at < from.Length)
        {
            if (left-- == 0)
            {
                bits = (Next(from, ref at) << 8) | Next(from, ref at);
                left = 15;
                if (at == from.Length)
                    break;
            }

            var isPacked = (bits & 0x8000) != 0;
            bits <<= 1;
            if (!isPacked)
            {
                Copy(from, ref at, row, ref to, 1);
                continue;
            }

            var (command, low) = (from[at] >> 4, from[at] & 15);
            at++;
            if (command == 0)
            {
                Fill(row, ref to, Next(from, ref at), 3 + low);
            }
            else if (command == 1)
            {
                var count = 19 + low + (Next(from, ref at) << 4);
                Fill(row, ref to, Next(from, ref at), count);
            }
            else
            {
                var back = 3 + low + (Next(from, ref at) << 4);
                Repeat(row, ref to, back, command == 2 ? 16 + Next(from, ref at) : command);
            }
        }

        CheckEnd(row, to);
    }

    static byte Next(ReadOnlySpan<byte> from, ref int at) => at < from.Length ? from[at++] : throw Damaged();

    static void Copy(ReadOnlySpan<byte> from, ref int at, Span<byte> row, ref int to, int count)
    {
        if (count > from.Length - at || count > row.Length - to)
            throw Damaged();
        from.Slice(at, count).CopyTo(row[to..]);
        at += count;
        to += count;
    }

    static void Fill(Span<byte> row, ref int to, byte value, int count)
    {
        if (count > row.Length - to)
            throw Damaged();
        row.Slice(to, count).Fill(value);
        to += count;
    }

    static void Repeat(Span<byte> row, ref int to, int back, int count)
    {
        if (back > to || count > row.Length - to)
            throw Damaged();
        for (var end = to + count; to < end; to++)
            row[to] = row[to - back];
    }

    static void CheckEnd(Span<byte> row, int to)
    {
        if (to != row.Length)
            throw new InvalidDataException($"A compressed row of the SAS file has {to} bytes, where a row has {row.Length}.");
    }

    static InvalidDataException Damaged() => new("A compressed row of the SAS file is damaged: it reaches beyond its end, or that of a row.");
}
