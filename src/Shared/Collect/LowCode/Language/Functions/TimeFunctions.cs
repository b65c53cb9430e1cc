namespace DataIngestion.Collect;

/// <summary>Functions about time.</summary>
internal static class TimeFunctions
{
    const string Rfc3339 = "%Y-%m-%dT%H:%M:%S.%f%z";

    /// <summary>Today in a time zone by its IANA name.</summary>
    public static object? TodayIn(CallValues values)
    {
        var zone = values.Text(0, "timezone");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
            throw new TemplateException($"there is no time zone '{zone}': expected an IANA name such as Europe/Berlin.");
        return new DayValue(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(values.Scope.Context.Time.GetUtcNow(), found).DateTime));
    }

    /// <summary>Seconds since 1970: whole ones of a number, with fraction of a text.</summary>
    public static object? Timestamp(CallValues values) => values.Need(0, "dt") switch
    {
        { } number when Numbers.Is(number) => Numbers.WholeOf(Math.Truncate(Numbers.Real(number))) is { } whole ? Numbers.Normal(whole) : throw new TemplateException("the number has no whole part."),
        var text => TimeFormat.Seconds(Read(text)),
    };

    /// <summary>Now plus days.</summary>
    public static object? DayDelta(CallValues values)
    {
        var days = values.Need(0, "num_days");
        if (days is null || !Numbers.Is(days))
            throw new ValueTypeException($"day_delta takes a number of days, not {ValueNames.Of(days)}.");
        if (Math.Abs(Numbers.Real(days)) > 4_000_000)
            throw new TemplateException("the time lies outside the years 1 to 9999.");
        var moved = (MomentValue)TimeArithmetic.Move(TemplateFunctions.Now(values), 0, TimeSpan.FromDays(Numbers.Real(days)));
        return TimeFormat.Write(moved, values.Text(1, "format", Rfc3339));
    }

    /// <summary>An ISO 8601 duration.</summary>
    public static object? Duration(CallValues values)
    {
        var text = values.Text(0, "datestring");
        return IsoDuration.Parse(text) ?? throw new TemplateException($"'{text}' is not a duration: expected ISO 8601, such as P1D or PT12H.");
    }

    /// <summary>A time in another format.</summary>
    public static object? Format(CallValues values)
    {
        var value = values.Need(0, "dt");
        var format = values.Text(1, "format");
        var input = values.Find(2, "input_format") as string;
        var time = value switch
        {
            MomentValue moment => moment,
            DayValue day => new MomentValue(day.Date.ToDateTime(default), TimeSpan.Zero),
            { } number when Numbers.IsWhole(number) => Parsed(PythonText.Str(number), input ?? "%s"),
            string text when input is not null => Parsed(text, input),
            _ => Read(value),
        };
        return values.Budget.Text(TimeFormat.Write(time, format));
    }

    /// <summary>A text as a time in UTC.</summary>
    public static MomentValue Read(object? value) => value switch
    {
        MomentValue moment => moment.ToUtc(),
        DayValue day => new(day.Date.ToDateTime(default), TimeSpan.Zero),
        string text => IsoTime.Parse(text)?.ToUtc() ?? throw new TemplateException($"'{(text.Length <= 60 ? text : text[..60] + "…")}' is not a time: expected ISO 8601, such as 2024-01-05T10:15:00Z."),
        Undefined undefined => throw undefined.Fault(),
        _ => throw new ValueTypeException($"{ValueNames.Of(value)} is not a time: expected text in ISO 8601."),
    };

    static MomentValue Parsed(string text, string format) =>
        TimeReader.Read(text, format) ?? throw new TemplateException($"'{(text.Length <= 60 ? text : text[..60] + "…")}' is not a time in the format '{format}'.");
}
