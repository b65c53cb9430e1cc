using DataIngestion.Contracts;

namespace DataIngestion.Collect;

/// <summary>A cursor of times (<c>DatetimeBasedCursor</c>): what was changed since, window after window. Bounds are included.</summary>
internal sealed class DatetimeCursor : StreamCursor
{
    const int MaxWindows = 1_000_000;

    readonly LowCodeRun _run;
    readonly DatetimeText _text;
    readonly IReadOnlyList<string> _field;
    readonly object? _step;
    readonly object? _granularity;
    readonly object? _lookback;
    readonly InjectedOption? _startOption;
    readonly InjectedOption? _endOption;
    readonly string _startField;
    readonly string _endField;
    readonly bool _isClientSide;
    readonly bool _isStrict;
    readonly string? _clamp;
    readonly DateTimeOffset _start;
    readonly DateTimeOffset _end;

    public DatetimeCursor(Part part, LowCodeRun run)
    {
        _run = run;
        _text = new(part);
        _field = [part.NeededExpression("cursor_field").Text(run.Context)];
        _step = Duration(part, "step");
        _granularity = Duration(part, "cursor_granularity");
        _lookback = Duration(part, "lookback_window");
        if (_step is not null && _granularity is null)
            throw part.Fault("'step' needs the 'cursor_granularity', which lies between two windows.");
        _startOption = InjectedOption.Of(part, "start_time_option");
        _endOption = InjectedOption.Of(part, "end_time_option");
        _startField = part.Expression("partition_field_start")?.TextEntry(run.Context) ?? "start_time";
        _endField = part.Expression("partition_field_end")?.TextEntry(run.Context) ?? "end_time";
        _isClientSide = part.Flag("is_client_side_incremental");
        _isStrict = part.Flag("is_compare_strictly");
        IsFeed = part.Flag("is_data_feed");
        IsGlobal = part.Flag("global_substream_cursor");
        _clamp = part.Child("clamping")?.Expression("target")?.TextEntry(run.Context)?.ToUpperInvariant();
        if (_clamp is not (null or "DAY" or "WEEK" or "MONTH"))
            throw part.Fault($"'clamping' to '{_clamp}': expected DAY, WEEK or MONTH.");

        _start = run.Window?.From ?? Time(part, "start_datetime") ?? throw part.Fault("'start_datetime' is missing.");
        _end = run.Window?.To ?? Earlier(Time(part, "end_datetime"), run.StartedAt);
        if (_clamp is not null && run.Window is null)
            _end = Floor(_end);
    }

    public override IEnumerable<LowCodeMap> Windows(string? state)
    {
        var known = _run.Window is null && state is not null ? _text.Read(state) : null;
        var lower = known is { } at ? Later(Moved(at, _lookback, -1), _start) : _start;
        if (_clamp is not null)
            lower = Floor(lower);
        if (lower > _end)
            yield break;
        for (var count = 0; ; count++)
        {
            if (count == MaxWindows)
                throw Unending($"there are more than {MaxWindows:N0} of them");
            var upper = _step is null ? _end : Earlier(Moved(lower, _step, 1), _end);
            var isLast = upper >= _end;
            if (!isLast && _clamp is not null)
                upper = Floor(upper);
            if (upper <= lower && !isLast)
                throw Unending($"the one after {_text.Write(lower)} is empty");
            var shown = isLast && _clamp is null ? upper : Moved(upper, _granularity, -1);
            yield return new() { [_startField] = _text.Write(lower), [_endField] = _text.Write(Later(shown, lower)) };
            if (isLast)
                yield break;
            lower = upper;
        }
    }

    public override void Put(RequestOptions options, StreamSlice slice, TemplateContext context)
    {
        if (slice.Window.Find(_startField) is { } start)
            _startOption?.Put(options, start, context);
        if (slice.Window.Find(_endField) is { } end)
            _endOption?.Put(options, end, context);
    }

    public override CursorTrack Track(string? state) => new DatetimeTrack(this, state);

    static StepFailedException Unending(string why) =>
        new(new() { Code = "configuration-invalid", Message = $"The windows of the stream's cursor would not end: {why}. Check 'step' and 'clamping'." });

    DateTimeOffset? Time(Part part, string field)
    {
        if (part.Child(field) is not { } bounds)
            return part.Expression(field) is { } plain ? _text.Need(part, field, plain.TextEntry(_run.Context), format: null) : null;
        var format = bounds.Text("datetime_format");
        var time = _text.Need(bounds, "datetime", bounds.NeededExpression("datetime").TextEntry(_run.Context), format);
        if (bounds.Expression("min_datetime")?.TextEntry(_run.Context) is { } least)
            time = Later(time, _text.Need(bounds, "min_datetime", least, format));
        return bounds.Expression("max_datetime")?.TextEntry(_run.Context) is { } most ? Earlier(time, _text.Need(bounds, "max_datetime", most, format)) : time;
    }

    object? Duration(Part part, string field) =>
        part.Expression(field)?.TextEntry(_run.Context) is { Length: > 0 } text
            ? IsoDuration.Parse(text) ?? throw part.Fault($"'{field}' is '{text}': expected an ISO 8601 duration such as P1D.")
            : null;

    DateTimeOffset Floor(DateTimeOffset time)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return _clamp switch
        {
            "MONTH" => day.AddDays(1 - day.Day),
            "WEEK" => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            _ => day,
        };
    }

    static DateTimeOffset Moved(DateTimeOffset time, object? by, int sign)
    {
        try
        {
            return by switch
            {
                TimeDelta delta => time + (delta.Length * sign),
                CalendarPeriod period => time.AddMonths(((period.Years * 12) + period.Months) * sign) + (period.Rest * sign),
                _ => time,
            };
        }
        catch (Exception outside) when (outside is ArgumentOutOfRangeException or OverflowException)
        {
            return sign > 0 ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue;
        }
    }

    static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one is { } time && time < other ? time : other;

    sealed class DatetimeTrack(DatetimeCursor cursor, string? state) : CursorTrack
    {
        readonly DateTimeOffset? _from = cursor._text.Read(state);
        DateTimeOffset? _furthest;

        public override string? State => _furthest is { } furthest && !(furthest <= _from) ? cursor._text.Write(furthest) : state;

        public override bool IsWanted(LowCodeMap record)
        {
            if (TimeOf(record) is not { } time)
                return true;
            if (cursor._run.Window is { } window)
                return time >= window.From && time < window.To;
            if (!cursor._isClientSide)
                return true;
            var from = _from is { } known ? Moved(known, cursor._lookback, -1) : cursor._start;
            return (cursor._isStrict && _from is not null ? time > from : time >= from) && time <= cursor._end;
        }

        public override bool IsOld(LowCodeMap record) => TimeOf(record) is { } time && time < (_from ?? cursor._start);

        // What lies ahead of the run's end would make the next run pass over what comes before it.
        public override void Note(LowCodeMap record)
        {
            if (TimeOf(record) is { } time && time <= cursor._end && !(time <= _furthest))
                _furthest = time;
        }

        DateTimeOffset? TimeOf(LowCodeMap record) =>
            DataPath.TryFind(record, cursor._field, out var value) || DataPath.TryFind(record, cursor._field[0].Split('.'), out value) ? cursor._text.Read(value) : null;
    }
}
