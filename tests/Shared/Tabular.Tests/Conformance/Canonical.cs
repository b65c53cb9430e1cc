using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace DataIngestion.Tabular.Tests.Conformance;

/// <summary>One text for equal values, whichever library and type they come in: ours, DuckDB's, or those of a file of expected answers.</summary>
internal static class Canonical
{
    public static string Of(object? value) => value switch
    {
        null or DBNull => "null",
        bool flag => flag ? "true" : "false",
        float number => Of((double)number),
        double number => number == 0 ? "0" : number.ToString("R", CultureInfo.InvariantCulture),
        decimal number => OfDecimal(ExactDecimal.FromDecimal(number)),
        ExactDecimal number => OfDecimal(number),
        sbyte or byte or short or ushort or int or uint or long or ulong or Int128 or BigInteger => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime moment => OfTicks(moment.Ticks - DateTime.UnixEpoch.Ticks),
        DateTimeOffset { Year: 1 } time => OfTicks(time.UtcTicks % TimeSpan.TicksPerDay), // DuckDB's times of day with a zone
        DateTimeOffset moment => OfTicks(moment.UtcTicks - DateTime.UnixEpoch.Ticks),
        TimestampValue moment => OfTicks((long)((Int128)moment.Units * TimeSpan.TicksPerSecond / PerSecond(moment.Unit))),
        TimeOnly time => OfTicks(time.Ticks),
        TimeValue time => OfTicks((long)((Int128)time.Units * TimeSpan.TicksPerSecond / PerSecond(time.Unit))),
        Guid id => Of(id.ToString()),
        string text => $"'{text}'",
        byte[] bytes => "x" + System.Convert.ToHexStringLower(bytes),
        Stream stream => Of(BytesOf(stream)),
        IDictionary entries => OfEntries(entries),
        IEnumerable elements => $"[{string.Join(',', elements.Cast<object?>().Select(Of))}]",
        _ => $"{value.GetType().Name}:{value}",
    };

    static string OfDecimal(ExactDecimal number) => number.Normalize().ToString();

    /// <summary>DuckDB's timestamps go through types of 100 ns.</summary>
    static string OfTicks(long ticks) => $"@{ticks.ToString(CultureInfo.InvariantCulture)}";

    static long PerSecond(TimeUnit unit) => unit switch { TimeUnit.Milliseconds => 1_000, TimeUnit.Microseconds => 1_000_000, _ => 1_000_000_000 };

    static byte[] BytesOf(Stream stream)
    {
        using var copy = new MemoryStream();
        using (stream)
            stream.CopyTo(copy);
        return copy.ToArray();
    }

    /// <summary>A struct is the list of its fields; a map, which has other keys than names, the list of its entries.</summary>
    static string OfEntries(IDictionary entries)
    {
        var isStruct = entries is Dictionary<string, object?> or Dictionary<string, object>;
        var text = new StringBuilder("[");
        foreach (DictionaryEntry entry in entries)
            text.Append(text.Length > 1 ? "," : "").Append(isStruct ? Of(entry.Value) : $"[{Of(entry.Key)},{Of(entry.Value)}]");
        return text.Append(']').ToString();
    }
}
