using DataIngestion.Conversion.Orc.Columns;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc;

/// <summary>
/// What columns hold whose type does not say which column type holds them exactly: timestamps (nanoseconds since 1970 in 64 bits end in 1677 and
/// 2262) whose statistics do not bound them, and decimals of which the writer did not say the digits.
/// </summary>
internal sealed class OrcSurvey
{
    /// <summary>What nanoseconds in 64 bits hold, with room for the offset of any zone.</summary>
    const long MostMilliseconds = 9_223_000_000_000;

    /// <summary>What Hive takes decimals for that have no digits in their type.</summary>
    static readonly DataType UsualDecimal = DataType.Decimal(DataType.MaxPrecision, 18);

    readonly Dictionary<int, Sighting> _open = [];

    sealed class Sighting
    {
        public bool IsFar { get; set; }

        public bool IsFine { get; set; }

        public bool IsUnusual { get; set; }
    }

    OrcSurvey()
    {
    }

    /// <summary>Whether every column's type is known.</summary>
    public bool IsEmpty => _open.Count == 0;

    /// <summary>Settles what the statistics settle; the rest is open.</summary>
    public static OrcSurvey Begin(OrcTail tail, OrcSchema schema)
    {
        var survey = new OrcSurvey();
        for (var place = 0; place < tail.Types.Count; place++)
        {
            var type = tail.Types[place];
            if (type.Kind is OrcKind.Timestamp or OrcKind.TimestampInstant)
            {
                if (!tail.Timestamps.TryGetValue(place, out var bounds) || bounds.Earliest < -MostMilliseconds || bounds.Latest > MostMilliseconds)
                    survey._open[place] = new();
            }
            else if (type.Kind == OrcKind.Decimal && type.Precision == 0)
            {
                survey._open[place] = new();
                schema.Settle(place, UsualDecimal);
            }
        }

        return survey;
    }

    public bool IsOpen(int place) => _open.ContainsKey(place);

    /// <summary>Whether a column, or one inside it, is open.</summary>
    public bool IsWanted(int place, OrcTail tail) => IsOpen(place) || tail.Types[place].Children.Any(c => IsWanted(c, tail));

    /// <summary>Remembers a timestamp.</summary>
    public void See(int place, long second, int nanosecond)
    {
        var seen = _open[place];
        seen.IsFar |= second is < -MostMilliseconds / 1_000 or > MostMilliseconds / 1_000;
        seen.IsFine |= nanosecond % 1_000 != 0;
    }

    /// <summary>Remembers a decimal.</summary>
    public void See(int place, ExactDecimal value) => _open[place].IsUnusual |= !value.TryRescale(UsualDecimal.Scale, out _);

    /// <summary>Gives the open columns the type that holds all that was seen.</summary>
    /// <returns>What people should know about it.</returns>
    public IEnumerable<string> Settle(OrcTail tail, OrcSchema schema)
    {
        foreach (var (place, seen) in _open)
        {
            if (tail.Types[place].Kind == OrcKind.Decimal)
            {
                schema.Settle(place, seen.IsUnusual ? DataType.String : UsualDecimal);
                if (seen.IsUnusual)
                    yield return $"The decimals of type {place} of the schema have digits that {UsualDecimal} does not hold: they are text.";
                continue;
            }

            var isUtc = tail.Types[place].Kind == OrcKind.TimestampInstant;
            schema.Settle(place, (seen.IsFar, seen.IsFine) switch
            {
                (false, _) => DataType.Timestamp(TimeUnit.Nanoseconds, isUtc),
                (true, false) => DataType.Timestamp(TimeUnit.Microseconds, isUtc),
                _ => DataType.String,
            });
            if (seen.IsFar && seen.IsFine)
                yield return $"Timestamps of type {place} of the schema lie outside the years 1678 to 2261 while others have nanoseconds, which no type holds: they are text.";
        }
    }
}

/// <summary>Looks at timestamps.</summary>
internal sealed class TimestampSurveyor(BitRuns? present, TimestampValues values, OrcSurvey survey, int place) : ValueDecoder<FixedBuilder<long>>(present)
{
    protected override void Append(FixedBuilder<long> builder)
    {
        var (second, nanosecond) = values.Next();
        survey.See(place, second, nanosecond);
        builder.Append(0);
    }
}

/// <summary>Looks at decimals.</summary>
internal sealed class DecimalSurveyor(BitRuns? present, DecimalValues values, OrcSurvey survey, int place) : ValueDecoder<FixedBuilder<Int128>>(present)
{
    protected override void Append(FixedBuilder<Int128> builder)
    {
        survey.See(place, values.Next());
        builder.Append(0);
    }
}
