using System.Text;

namespace DataIngestion.Collect;

/// <summary>The functions that every template may call.</summary>
internal static class TemplateFunctions
{
    /// <summary>By name.</summary>
    public static readonly IReadOnlyDictionary<string, ICallable> All = new Dictionary<string, Func<CallValues, object?>>(StringComparer.Ordinal)
    {
        ["now_utc"] = v => Now(v),
        ["today_utc"] = v => new DayValue(DateOnly.FromDateTime(Now(v).Local)),
        ["today_with_timezone"] = TimeFunctions.TodayIn,
        ["timestamp"] = TimeFunctions.Timestamp,
        ["str_to_datetime"] = v => TimeFunctions.Read(v.Need(0, "s")),
        ["day_delta"] = TimeFunctions.DayDelta,
        ["duration"] = TimeFunctions.Duration,
        ["format_datetime"] = TimeFunctions.Format,
        ["max"] = v => Extreme(v, 1),
        ["min"] = v => Extreme(v, -1),
        ["camel_case_to_snake_case"] = v => SnakeCase(v.Text(0, "value")),
        ["sanitize_url"] = v => TextFilters.QuotePlus(v.Text(0, "value")),
        ["generate_uuid"] = Uuid,
        ["dict"] = v => MapOf(v),
        ["namespace"] = v => new NamespaceValue(MapOf(v)),
    }.ToDictionary(f => f.Key, f => (ICallable)new TemplateFunction(f.Key, f.Value), StringComparer.Ordinal);

    /// <summary>The clock of the context.</summary>
    public static MomentValue Now(CallValues values) => MomentValue.Of(values.Scope.Context.Time.GetUtcNow());

    static object? Extreme(CallValues values, int sign)
    {
        var items = values.Placed is [var only] ? Operators.Items(only) : values.Placed;
        if (items.Count == 0)
            return values.Find(1, "default") ?? throw new TemplateException("nothing is the largest or smallest of no values.");
        var best = items[0];
        foreach (var item in items.Skip(1))
        {
            if (Operators.Order(item, best) * sign > 0)
                best = item;
        }

        return best;
    }

    static string SnakeCase(string text)
    {
        var snake = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is >= 'A' and <= 'Z' && snake.Length > 0)
                snake.Append('_');
            snake.Append(char.ToLowerInvariant(c));
        }

        return snake.ToString();
    }

    // Version 4, from the randomness of the context, so that a run can be repeated.
    static string Uuid(CallValues values)
    {
        Span<byte> bytes = stackalloc byte[16];
        values.Scope.Context.Random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    static LowCodeMap MapOf(CallValues values)
    {
        var map = new LowCodeMap();
        if (values.Placed is [LowCodeMap first, ..])
            map = new(first);
        else if (values.Placed is [var pairs, ..])
            MapMethods.Merge(map, pairs, values.Budget);
        foreach (var (name, value) in values.Named)
            map[name] = value;
        return map;
    }
}
