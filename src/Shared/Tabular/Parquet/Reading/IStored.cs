namespace DataIngestion.Tabular.Parquet.Reading;

/// <summary>How a stored number becomes a cell. A type of its own for each way, so that loops over values are compiled for it.</summary>
/// <typeparam name="TStored">What lies in the file: int, long, float, double, or <see cref="Int96"/>.</typeparam>
/// <typeparam name="T">What lies in the builder.</typeparam>
internal interface IStored<TStored, T>
{
    /// <summary>Whether both are the same bits.</summary>
    static abstract bool IsSame { get; }

    static abstract T Convert(TStored stored);
}

internal readonly struct Same<T> : IStored<T, T>
{
    public static bool IsSame => true;

    public static T Convert(T stored) => stored;
}

internal readonly struct ToSByte : IStored<int, sbyte>
{
    public static bool IsSame => false;

    public static sbyte Convert(int stored) => stored is >= sbyte.MinValue and <= sbyte.MaxValue ? (sbyte)stored : throw Unfit.Value(stored);
}

internal readonly struct ToInt16 : IStored<int, short>
{
    public static bool IsSame => false;

    public static short Convert(int stored) => stored is >= short.MinValue and <= short.MaxValue ? (short)stored : throw Unfit.Value(stored);
}

internal readonly struct ToInt64 : IStored<int, long>
{
    public static bool IsSame => false;

    public static long Convert(int stored) => stored;
}

internal readonly struct UnsignedToInt64 : IStored<int, long>
{
    public static bool IsSame => false;

    public static long Convert(int stored) => (uint)stored;
}

internal readonly struct NarrowToWide : IStored<int, Int128>
{
    public static bool IsSame => false;

    public static Int128 Convert(int stored) => stored;
}

internal readonly struct LongToWide : IStored<long, Int128>
{
    public static bool IsSame => false;

    public static Int128 Convert(long stored) => stored;
}

internal readonly struct Nanoseconds : IStored<Int96, long>
{
    public static bool IsSame => false;

    public static long Convert(Int96 stored) => stored.Units(1);
}

internal readonly struct Microseconds : IStored<Int96, long>
{
    public static bool IsSame => false;

    public static long Convert(Int96 stored) => stored.Units(1000);
}

internal static class Unfit
{
    public static InvalidDataException Value(long value) => new($"The value {value} does not fit into the column's type.");
}
