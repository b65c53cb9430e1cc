using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DataIngestion.Conversion.Csv.Blocks;

/// <summary>
/// Where fields end: the delimiters and line ends outside quotes, 64 bytes at a time. Whether a byte is inside quotes is the parity of the
/// quotes before it, which a carry-less product by ones gives for all 64 at once (Langdale, Lemire: "Parsing gigabytes of JSON per second").
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct CsvMarks(byte delimiter, byte? quote)
{
    /// <summary>Marks beyond the last one that are written to and mean nothing.</summary>
    public const int Slack = 64;
    const byte LineFeed = (byte)'\n';
    readonly byte _quote = quote ?? 0;
    readonly bool _hasQuote = quote is not null;
    ulong _inside; // all ones while a quote is open
    ulong _afterField; // bit 0: the byte before was a field's end
    ulong _afterClose; // bit 0: the byte before was a closing quote
    ulong _high;

    /// <summary>Marks found.</summary>
    public int Count { get; private set; }

    /// <summary>Line ends among them.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether some field is quoted.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Whether some quoted field has a doubled quote in it.</summary>
    public bool HasDoubledQuotes { get; private set; }

    /// <summary>Whether some byte is not ASCII.</summary>
    public readonly bool HasHighBytes => _high != 0;

    /// <summary>Whether a quote stood where the row reader would make something else of it; what follows was not looked at.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Finds the marks of a window, which begins with a record. Ends early, before 64 bytes in which a quote is neither around a field nor doubled.
    /// </summary>
    /// <param name="marks">As long as the window and <see cref="Slack"/> more.</param>
    /// <param name="offset">Added to every mark.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Find(ReadOnlySpan<byte> window, int offset, Span<int> marks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(marks.Length, window.Length + Slack, nameof(marks));
        (_inside, _afterField, _afterClose, _high, Count, Lines, HasQuotes, HasDoubledQuotes) = (0, 1, 0, 0, 0, 0, false, false);
        IsBroken = true;
        ref var bytes = ref MemoryMarshal.GetReference(window);
        ref var target = ref MemoryMarshal.GetReference(marks);
        var at = 0;
        for (; at <= window.Length - 64; at += 64)
        {
            if (!Add(ref Unsafe.Add(ref bytes, at), ~0UL, window, at, offset, ref target))
                return;
        }

        if (at < window.Length && !AddLast(window, at, offset, ref target))
            return;
        IsBroken = false;
    }

    bool AddLast(ReadOnlySpan<byte> window, int at, int offset, ref int target)
    {
        Span<byte> last = stackalloc byte[64];
        last.Clear();
        window[at..].CopyTo(last);
        return Add(ref MemoryMarshal.GetReference(last), (1UL << (window.Length - at)) - 1, window, at, offset, ref target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool Add(ref byte bytes, ulong valid, ReadOnlySpan<byte> window, int at, int offset, ref int target)
    {
        ulong delimiters, lines, quotes, high;
        if (Vector512.IsHardwareAccelerated)
        {
            var block = Vector512.LoadUnsafe(ref bytes);
            delimiters = Vector512.Equals(block, Vector512.Create(delimiter)).ExtractMostSignificantBits();
            lines = Vector512.Equals(block, Vector512.Create(LineFeed)).ExtractMostSignificantBits();
            quotes = Vector512.Equals(block, Vector512.Create(_quote)).ExtractMostSignificantBits();
            high = block.ExtractMostSignificantBits();
        }
        else
        {
            var (low, up) = (Vector256.LoadUnsafe(ref bytes), Vector256.LoadUnsafe(ref bytes, 32));
            delimiters = Bits(Vector256.Equals(low, Vector256.Create(delimiter)), Vector256.Equals(up, Vector256.Create(delimiter)));
            lines = Bits(Vector256.Equals(low, Vector256.Create(LineFeed)), Vector256.Equals(up, Vector256.Create(LineFeed)));
            quotes = Bits(Vector256.Equals(low, Vector256.Create(_quote)), Vector256.Equals(up, Vector256.Create(_quote)));
            high = Bits(low, up);
        }

        _high |= high;
        var ends = (delimiters | lines) & valid;
        quotes = _hasQuote ? quotes & valid : 0;
        if ((quotes | _inside | _afterClose) != 0 && !TryQuotes(quotes, ref ends, window, at))
            return false;
        _afterField = ends >> 63;
        Lines += BitOperations.PopCount(ends & lines);
        Write(ends, offset + at, ref Unsafe.Add(ref target, Count));
        Count += BitOperations.PopCount(ends);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Bits(Vector256<byte> low, Vector256<byte> up) => low.ExtractMostSignificantBits() | ((ulong)up.ExtractMostSignificantBits() << 32);

    /// <summary>Writes eight places more than there are at most, so that their number costs few branches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Write(ulong bits, int offset, ref int target)
    {
        while (bits != 0)
        {
            for (var i = 0; i < 8; i++)
            {
                Unsafe.Add(ref target, i) = offset + BitOperations.TrailingZeroCount(bits);
                bits &= bits - 1;
            }

            target = ref Unsafe.Add(ref target, 8);
        }
    }

    /// <summary>Takes the bytes inside quotes out of <paramref name="ends"/>; false if a quote stands where the row reader would make something else of it.</summary>
    bool TryQuotes(ulong quotes, ref ulong ends, ReadOnlySpan<byte> window, int at)
    {
        var inside = Parity(quotes) ^ _inside; // from an opening quote to before the closing one
        ends &= ~inside;
        var (opening, closing) = (quotes & inside, quotes & ~inside);
        var afterClose = (closing << 1) | _afterClose;
        if ((opening & ~((ends << 1) | _afterField | afterClose)) != 0 || !AreEnded(afterClose & ~(ends | opening), window, at))
            return false;
        HasQuotes |= quotes != 0;
        HasDoubledQuotes |= (opening & afterClose) != 0;
        _inside = (ulong)((long)inside >> 63);
        _afterClose = closing >> 63;
        return true;
    }

    /// <summary>What follows a closing quote and is no field's end must be the first half of a line's end, or be beyond the window.</summary>
    static bool AreEnded(ulong others, ReadOnlySpan<byte> window, int at)
    {
        for (; others != 0; others &= others - 1)
        {
            var place = at + BitOperations.TrailingZeroCount(others);
            if (place < window.Length && (window[place] != '\r' || (place + 1 < window.Length && window[place + 1] != LineFeed)))
                return false;
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Parity(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        for (var distance = 1; distance < 64; distance <<= 1)
            bits ^= bits << distance;
        return bits;
    }
}
