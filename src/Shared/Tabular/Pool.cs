using System.Buffers;

namespace DataIngestion.Tabular;

/// <summary>Arrays for columns; an array that is never given back is only garbage.</summary>
internal static class Pool
{
    public static T[] Rent<T>(int length) => ArrayPool<T>.Shared.Rent(length);

    public static void Return<T>(ref T[]? array)
    {
        if (Interlocked.Exchange(ref array, null) is { Length: > 0 } old)
            ArrayPool<T>.Shared.Return(old);
    }

    /// <summary>Makes room for <paramref name="needed"/> elements, keeping the first <paramref name="used"/> as far as there are so many.</summary>
    public static void Grow<T>(ref T[] array, int used, int needed)
    {
        if (needed <= array.Length)
            return;
        var larger = Rent<T>((int)Math.Min(Array.MaxLength, Math.Max(needed, array.Length * 2L)));
        array.AsSpan(0, Math.Min(used, array.Length)).CopyTo(larger);
        if (array.Length > 0)
            ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
