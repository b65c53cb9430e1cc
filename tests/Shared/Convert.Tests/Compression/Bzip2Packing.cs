using DataIngestion.Conversion.Compression;

namespace DataIngestion.Conversion.Tests.Compression;

/// <summary>A small, slow bzip2 encoder: blocks of 20,000 bytes, two equal codes of nine bits.</summary>
internal static class Bzip2Packing
{
    const int BlockBytes = 20_000;

    public static byte[] Pack(byte[] plain)
    {
        var bits = new Bits();
        bits.Write(0x425A6839, 32);
        var combined = 0u;
        for (var at = 0; at < plain.Length; at += BlockBytes)
        {
            var block = plain.AsSpan(at, Math.Min(BlockBytes, plain.Length - at));
            var crc = ~Bzip2Crc.Append(uint.MaxValue, block);
            combined = ((combined << 1) | (combined >> 31)) ^ crc;
            Block(bits, Runs(block), crc);
        }

        bits.Write(0x177245, 24);
        bits.Write(0x385090, 24);
        bits.Write(combined, 32);
        return bits.ToArray();
    }

    static byte[] Runs(ReadOnlySpan<byte> plain)
    {
        var coded = new List<byte>();
        for (var i = 0; i < plain.Length;)
        {
            var run = 1;
            while (run < 255 && i + run < plain.Length && plain[i + run] == plain[i])
                run++;
            for (var n = 0; n < Math.Min(run, 4); n++)
                coded.Add(plain[i]);
            if (run >= 4)
                coded.Add((byte)(run - 4));
            i += run;
        }

        return [.. coded];
    }

    static void Block(Bits bits, byte[] text, uint crc)
    {
        var n = text.Length;
        var doubled = (byte[])[.. text, .. text];
        var order = Enumerable.Range(0, n).ToArray();
        Array.Sort(order, (a, b) => doubled.AsSpan(a, n).SequenceCompareTo(doubled.AsSpan(b, n)) is not 0 and var c ? c : a.CompareTo(b));
        var used = text.Distinct().Order().ToList();
        bits.Write(0x314159, 24);
        bits.Write(0x265359, 24);
        bits.Write(crc, 32);
        bits.Write(0, 1);
        bits.Write((uint)Array.IndexOf(order, 0), 24);
        for (var group = 0; group < 16; group++)
            bits.Write(used.Exists(s => s >> 4 == group) ? 1u : 0, 1);
        foreach (var group in used.GroupBy(s => s >> 4))
        {
            for (var i = 0; i < 16; i++)
                bits.Write(group.Contains((byte)((group.Key << 4) + i)) ? 1u : 0, 1);
        }

        Codes(bits, Symbols(order.Select(i => text[(i + n - 1) % n]), used), used.Count + 2);
    }

    static List<int> Symbols(IEnumerable<byte> transformed, List<byte> used)
    {
        var front = used.ToList();
        var symbols = new List<int>();
        var zeros = 0;
        foreach (var value in transformed)
        {
            var at = front.IndexOf(value);
            if (at == 0)
            {
                zeros++;
                continue;
            }

            EndRun();
            front.RemoveAt(at);
            front.Insert(0, value);
            symbols.Add(at + 1);
        }

        EndRun();
        symbols.Add(used.Count + 1);
        return symbols;

        void EndRun()
        {
            for (; zeros > 0; zeros = (zeros - 1) / 2)
                symbols.Add((zeros & 1) == 1 ? 0 : 1);
        }
    }

    static void Codes(Bits bits, List<int> symbols, int count)
    {
        var selectors = (symbols.Count + 49) / 50;
        bits.Write(2, 3);
        bits.Write((uint)selectors, 15);
        for (var i = 0; i < selectors; i++)
            bits.Write(0, 1);
        for (var code = 0; code < 2; code++)
        {
            bits.Write(9, 5);
            for (var i = 0; i < count; i++)
                bits.Write(0, 1);
        }

        foreach (var symbol in symbols)
            bits.Write((uint)symbol, 9);
    }

    sealed class Bits
    {
        readonly List<byte> _bytes = [];
        int _count;

        public void Write(uint value, int bits)
        {
            for (var bit = bits - 1; bit >= 0; bit--, _count++)
            {
                if ((_count & 7) == 0)
                    _bytes.Add(0);
                if ((value >> bit & 1) != 0)
                    _bytes[^1] |= (byte)(0x80 >> (_count & 7));
            }
        }

        public byte[] ToArray() => [.. _bytes];
    }
}
