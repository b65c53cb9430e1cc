using System.Buffers.Binary;
using System.Text;

namespace DataIngestion.Conversion.Tests.Sas;

/// <summary>A variable of a file that is put together by hand.</summary>
internal sealed record HandVariable(string Name, bool IsNumber, int Width, string Format = "", string Label = "");

/// <summary>Writes SAS7BDAT files: words of 32 or 64 bits, both byte orders, rows in pages of their own, behind subheaders, or packed.</summary>
internal sealed class Sas7bdatFiles(bool is64Bit, bool isBigEndian, string? packing = null, bool isMixed = false, byte encoding = 20)
{
    const int HeadBytes = 1024;
    const int PageBytes = 4096;
    static readonly DateTime Epoch = new(1960, 1, 1);
    readonly int _word = is64Bit ? 8 : 4;
    readonly int _pageHead = is64Bit ? 40 : 24;
    readonly int _pointer = is64Bit ? 24 : 12;

    public static HandVariable[] Variables { get; } =
    [
        new("symbol", false, 8, Label: "Ticker"), new("price", true, 8), new("day", true, 8, "DATE"), new("at", true, 8, "DATETIME"), new("time", true, 8, "TIME"), new("small", true, 3),
    ];

    /// <summary>Rows of <see cref="Variables"/>: a symbol, a price, a day with a time.</summary>
    public IReadOnlyList<byte[]> Rows(int count) => [.. Enumerable.Range(0, count).Select(i =>
        Row($"S{i}é", i % 7 == 3 ? char.ConvertFromUtf32('A' + (i % 26)) : i / 4.0, new DateTime(2024, 1, 1).AddDays(i).AddMilliseconds(i * 250.0), i % 100))];

    public byte[] Row(string symbol, object price, DateTime at, double small)
    {
        var row = new byte[Variables.Sum(v => v.Width)];
        row.AsSpan(0, 8).Fill((byte)' ');
        Encoding.UTF8.GetBytes(symbol).CopyTo(row, 0);
        Number(row.AsSpan(8, 8), price);
        Number(row.AsSpan(16, 8), (double)(at.Date - Epoch).Days);
        Number(row.AsSpan(24, 8), (at - Epoch).TotalSeconds);
        Number(row.AsSpan(32, 8), at.TimeOfDay.TotalSeconds);
        Number(row.AsSpan(40, 3), small);
        return row;
    }

    /// <summary>A number, or the letter of a missing value.</summary>
    public void Number(Span<byte> to, object value)
    {
        var bits = value is string letter
            ? unchecked((long)0xFFFF_0000_0000_0000) | ((long)(byte)~letter[0] << 40)
            : BitConverter.DoubleToInt64Bits((double)value);
        Span<byte> whole = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(whole, bits);
        whole[..to.Length].CopyTo(to);
        if (!isBigEndian)
            to.Reverse();
    }

    public byte[] Write(IReadOnlyList<byte[]> rows, IReadOnlyList<HandVariable>? variables = null, IReadOnlySet<int>? deleted = null)
    {
        variables ??= Variables;
        var rowBytes = variables.Sum(v => v.Width);
        var inFirst = isMixed ? Math.Min(rows.Count, 5) : 0;
        var pages = new List<byte[]> { First(variables, rows, inFirst, rowBytes, deleted) };
        for (var at = inFirst; at < rows.Count;)
        {
            var (page, taken) = packing is null ? Data(rows, at, rowBytes, deleted) : Packed(rows, at);
            pages.Add(page);
            at += taken;
        }

        return [.. Head(pages.Count), .. pages.SelectMany(p => p)];
    }

    byte[] Head(int pages)
    {
        var head = new byte[HeadBytes];
        System.Convert.FromHexString("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011").CopyTo(head, 0);
        (head[32], head[35], head[37], head[70]) = (is64Bit ? (byte)0x33 : (byte)0x22, is64Bit ? (byte)0x33 : (byte)0x32, isBigEndian ? (byte)0 : (byte)1, encoding);
        var shift = is64Bit ? 4 : 0;
        Int32(head, 196 + shift, HeadBytes);
        Int32(head, 200 + shift, PageBytes);
        Word(head, 204 + shift, pages);
        return head;
    }

    byte[] First(IReadOnlyList<HandVariable> variables, IReadOnlyList<byte[]> rows, int inPage, int rowBytes, IReadOnlySet<int>? deleted)
    {
        var text = new StringBuilder(new string(' ', 28) + (packing ?? ""));
        (int, int) Put(string value)
        {
            var at = Encoding.UTF8.GetByteCount(text.ToString());
            text.Append(value);
            return (at, Encoding.UTF8.GetByteCount(value));
        }

        var places = variables.Select(v => (Name: Put(v.Name), Format: Put(v.Format), Label: Put(v.Label))).ToList();
        var subheaders = new List<byte[]> { Texts(text.ToString()), RowSize(rowBytes, rows.Count, inPage), Subheader(0xF6F6F6F6, _word * 3, s => Word(s, _word, variables.Count)) };
        var tail = is64Bit ? 12 : 8;
        subheaders.Add(Subheader(0xFFFFFFFF, _word + 8 + (variables.Count * 8) + tail, s =>
        {
            for (var i = 0; i < variables.Count; i++)
                Reference(s, _word + 8 + (i * 8), places[i].Name);
        }));
        subheaders.Add(Subheader(0xFFFFFFFC, _word + 8 + (variables.Count * (_word + 8)) + tail, s =>
        {
            var offset = 0;
            for (var i = 0; i < variables.Count; i++)
            {
                var at = _word + 8 + (i * (_word + 8));
                Word(s, at, offset);
                Int32(s, at + _word, variables[i].Width);
                s[at + _word + 6] = variables[i].IsNumber ? (byte)1 : (byte)2;
                offset += variables[i].Width;
            }
        }));
        subheaders.AddRange(places.Select(p => Subheader(0xFFFFFBFE, is64Bit ? 64 : 52, s =>
        {
            Reference(s, is64Bit ? 46 : 34, p.Format);
            Reference(s, is64Bit ? 52 : 40, p.Label);
        })));
        var page = Page(isMixed ? 0x200 : 0, subheaders.Select(s => (s, (byte)0, (byte)0)).ToList(), subheaders.Count + inPage);
        var first = (_pageHead + (subheaders.Count * _pointer) + 7) & ~7;
        for (var i = 0; i < inPage; i++)
            rows[i].CopyTo(page, first + (i * rowBytes));
        _ = deleted;
        return page;
    }

    byte[] Texts(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Subheader(0xFFFFFFFD, _word + bytes.Length + 12, s => bytes.CopyTo(s, _word));
    }

    byte[] RowSize(int rowBytes, int rows, int inMixed) => Subheader(0xF7F7F7F7, is64Bit ? 808 : 480, s =>
    {
        Word(s, _word * 5, rowBytes);
        Word(s, _word * 6, rows);
        Word(s, _word * 15, inMixed);
    });

    byte[] Subheader(uint signature, int length, Action<byte[]> fill)
    {
        var subheader = new byte[length];
        var isMinus = signature > 0xFFFF0000;
        Int32(subheader, is64Bit && isBigEndian ? 4 : 0, (int)signature);
        if (is64Bit && isMinus)
            Int32(subheader, isBigEndian ? 0 : 4, -1);
        fill(subheader);
        return subheader;
    }

    (byte[] Page, int Taken) Data(IReadOnlyList<byte[]> rows, int start, int rowBytes, IReadOnlySet<int>? deleted)
    {
        var taken = Math.Min(rows.Count - start, (PageBytes - _pageHead - 64) / rowBytes);
        var page = new byte[PageBytes];
        Int16(page, _pageHead - 8, deleted is null ? 0x100 : 0x180);
        Int16(page, _pageHead - 6, taken);
        for (var i = 0; i < taken; i++)
        {
            rows[start + i].CopyTo(page, _pageHead + (i * rowBytes));
            if (deleted?.Contains(start + i) == true)
                page[_pageHead + (taken * rowBytes) + (i / 8)] |= (byte)(0x80 >> (i % 8));
        }

        return (page, taken);
    }

    (byte[] Page, int Taken) Packed(IReadOnlyList<byte[]> rows, int start)
    {
        var packed = new List<(byte[], byte, byte)>();
        for (var (at, used) = (start, _pageHead); at < rows.Count; at++)
        {
            var bytes = packing == "SASYZCRL" ? Runs(rows[at]) : Repeats(rows[at]);
            used += bytes.Length + _pointer;
            if (used > PageBytes)
                break;
            packed.Add((bytes, 4, 1));
        }

        return (Page(0, packed, packed.Count), packed.Count);
    }

    byte[] Page(int type, List<(byte[] Bytes, byte Compression, byte Kind)> subheaders, int blocks)
    {
        var page = new byte[PageBytes];
        Int16(page, _pageHead - 8, type);
        Int16(page, _pageHead - 6, blocks);
        Int16(page, _pageHead - 4, subheaders.Count);
        var end = PageBytes;
        for (var i = 0; i < subheaders.Count; i++)
        {
            var (bytes, compression, kind) = subheaders[i];
            end -= bytes.Length;
            bytes.CopyTo(page, end);
            var at = _pageHead + (i * _pointer);
            Word(page, at, end);
            Word(page, at + _word, bytes.Length);
            (page[at + (_word * 2)], page[at + (_word * 2) + 1]) = (compression, kind);
        }

        return page;
    }

    /// <summary>Runs of three bytes and more, and what lies between them.</summary>
    static byte[] Runs(byte[] row)
    {
        var packed = new List<byte>();
        var plain = new List<byte>();
        void Flush()
        {
            for (var at = 0; at < plain.Count; at += 16)
            {
                var take = Math.Min(16, plain.Count - at);
                packed.Add((byte)(0x80 | (take - 1)));
                packed.AddRange(plain.GetRange(at, take));
            }

            plain.Clear();
        }

        for (var at = 0; at < row.Length;)
        {
            var run = 1;
            while (at + run < row.Length && run < 18 && row[at + run] == row[at])
                run++;
            if (run >= 3)
            {
                Flush();
                if (row[at] == ' ' && run <= 17)
                    packed.Add((byte)(0xE0 | (run - 2)));
                else if (row[at] == 0 && run <= 17)
                    packed.Add((byte)(0xF0 | (run - 2)));
                else
                    packed.AddRange([(byte)(0xC0 | (run - 3)), row[at]]);
            }
            else
            {
                plain.AddRange(row[at..(at + run)]);
            }

            at += run;
        }

        Flush();
        return [.. packed];
    }

    /// <summary>Groups of 16: bytes, short runs, and a repetition of what came before.</summary>
    static byte[] Repeats(byte[] row)
    {
        var items = new List<(bool IsPacked, byte[] Bytes)>();
        for (var at = 0; at < row.Length;)
        {
            var run = 1;
            while (at + run < row.Length && run < 18 && row[at + run] == row[at])
                run++;
            if (run >= 3)
            {
                items.Add((true, [(byte)(run - 3), row[at]]));
                at += run;
            }
            else if (at >= 8 && at + 4 <= row.Length && row.AsSpan(at, 4).SequenceEqual(row.AsSpan(at - 8, 4)))
            {
                items.Add((true, [0x40 | 5, 0]));
                at += 4;
            }
            else
            {
                items.Add((false, [row[at++]]));
            }
        }

        var packed = new List<byte>();
        for (var at = 0; at < items.Count; at += 16)
        {
            var group = items.GetRange(at, Math.Min(16, items.Count - at));
            var bits = 0;
            for (var i = 0; i < group.Count; i++)
                bits |= group[i].IsPacked ? 0x8000 >> i : 0;
            packed.AddRange([(byte)(bits >> 8), (byte)bits]);
            packed.AddRange(group.SelectMany(g => g.Bytes));
        }

        return [.. packed];
    }

    void Reference(byte[] to, int at, (int Offset, int Length) place)
    {
        Int16(to, at + 2, place.Offset);
        Int16(to, at + 4, place.Length);
    }

    void Int16(byte[] to, int at, int value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(to.AsSpan(at), (ushort)value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(to.AsSpan(at), (ushort)value);
    }

    void Int32(byte[] to, int at, int value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteInt32BigEndian(to.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt32LittleEndian(to.AsSpan(at), value);
    }

    void Word(byte[] to, int at, long value)
    {
        if (!is64Bit)
            Int32(to, at, (int)value);
        else if (isBigEndian)
            BinaryPrimitives.WriteInt64BigEndian(to.AsSpan(at), value);
        else
            BinaryPrimitives.WriteInt64LittleEndian(to.AsSpan(at), value);
    }

    public static IReadOnlyList<byte[]> Seeds()
    {
        var (plain, packed, binary) = (new Sas7bdatFiles(true, false, isMixed: true), new Sas7bdatFiles(false, false, "SASYZCRL"), new Sas7bdatFiles(true, true, "SASYZCR2"));
        return [plain.Write(plain.Rows(30)), packed.Write(packed.Rows(30)), binary.Write(binary.Rows(30))];
    }
}
