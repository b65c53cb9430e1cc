using System.Text;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>
/// What every value of one column looked like. Profiles of parts of an input merge to the profile of the whole, wherever it was cut: everything
/// kept is a sum, a maximum, a union, or the first of something by row. Memory does not grow with the input. Not thread-safe.
/// </summary>
internal sealed class ColumnProfile(NullSpellings nulls)
{
    const int LongestNamedText = 40;
    readonly Dictionary<string, long> _spelled = new(StringComparer.Ordinal);
    TextShape _seen;
    int _whole;
    int _fraction;
    int _timeDigits;
    bool _dayFirst = true;
    bool _monthFirst = true;
    bool _beyondInt64;
    bool _beyondNanoseconds;
    string? _firstText;
    long _firstTextRow;
    long _emptyText;
    NestedProfile? _nested;

    /// <summary>Cells with a value, if the column is not text.</summary>
    public long Values { get; private set; }

    public long Missing { get; private set; }

    /// <summary>Looks at one cell.</summary>
    /// <param name="row">The record's number in the part that is profiled, from 1.</param>
    public void Add(ReadOnlySpan<byte> text, CellKind kind, long row)
    {
        if (kind is CellKind.Missing or CellKind.Null)
        {
            Missing++;
            return;
        }

        if (kind == CellKind.Nested)
        {
            Values++;
            (_nested ??= new(nulls)).Add(text, row);
            return;
        }

        if (kind is not (CellKind.Number or CellKind.Boolean or CellKind.Json) && nulls.Contains(text))
        {
            AddSpelled(text, kind);
            return;
        }

        Values++;
        if ((_seen & TextShape.Text) == TextShape.None)
            Look(CellTrim.Trim(text), kind, row);
    }

    /// <summary>Adds what was seen in the part of the input that follows. Associative: parts may be merged in any grouping, but in their order.</summary>
    /// <param name="later">The profile of that part; it is not changed.</param>
    /// <param name="rowsBefore">Records before that part, which its row numbers do not count.</param>
    public void Merge(ColumnProfile later, long rowsBefore)
    {
        (Values, Missing, _emptyText) = (Values + later.Values, Missing + later.Missing, _emptyText + later._emptyText);
        foreach (var (spelling, count) in later._spelled)
            _spelled[spelling] = _spelled.GetValueOrDefault(spelling) + count;
        if (_firstText is null && later._firstText is not null)
            (_firstText, _firstTextRow) = (later._firstText, later._firstTextRow + rowsBefore);
        if (later._nested is not null)
            (_nested ??= new(nulls)).Merge(later._nested, rowsBefore);
        _seen |= later._seen;
        _whole = Math.Max(_whole, later._whole);
        _fraction = Math.Max(_fraction, later._fraction);
        _timeDigits = Math.Max(_timeDigits, later._timeDigits);
        _dayFirst &= later._dayFirst;
        _monthFirst &= later._monthFirst;
        _beyondInt64 |= later._beyondInt64;
        _beyondNanoseconds |= later._beyondNanoseconds;
    }

    void AddSpelled(ReadOnlySpan<byte> text, CellKind kind)
    {
        if (text.IsEmpty && kind == CellKind.Text)
            _emptyText++;
        var spelling = Encoding.UTF8.GetString(text);
        _spelled[spelling] = _spelled.GetValueOrDefault(spelling) + 1;
    }

    void Look(ReadOnlySpan<byte> text, CellKind kind, long row)
    {
        if (kind == CellKind.Json || text.IsEmpty)
        {
            See(TextShape.Text, text, row);
            return;
        }

        var first = text[0];
        if (first is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'+' or (byte)'.')
        {
            var number = NumberText.Classify(text);
            if (number.Shape != TextShape.Text)
            {
                SeeNumber(number, text, row);
                return;
            }

            var time = TimeText.Classify(text);
            SeeTime(time, text, row);
            return;
        }

        var isBoolean = text.Length is 4 or 5 && (Ascii.EqualsIgnoreCase(text, "true"u8) || Ascii.EqualsIgnoreCase(text, "false"u8));
        See(isBoolean ? TextShape.Boolean : TextShape.Text, text, row);
    }

    void SeeNumber(NumberText.Measure number, ReadOnlySpan<byte> text, long row)
    {
        _whole = Math.Max(_whole, number.Whole);
        _fraction = Math.Max(_fraction, number.Fraction);
        if (number.Whole >= 19 && number.Shape == TextShape.Integer && !NumberText.TryInt64(text, out _))
            _beyondInt64 = true;
        See(number.Shape, text, row);
    }

    void SeeTime(TimeText.Measure time, ReadOnlySpan<byte> text, long row)
    {
        if (time.Shape is TextShape.SlashedDate or TextShape.DashedDate)
        {
            _dayFirst &= time.CanBeDayFirst;
            _monthFirst &= time.CanBeMonthFirst;
        }
        else if (time.Shape is TextShape.LocalTimestamp or TextShape.ZonedTimestamp && (text[0] > '2' || text[..4].SequenceCompareTo("1678"u8) < 0 || text[..4].SequenceCompareTo("2261"u8) > 0))
        {
            _beyondNanoseconds = true;
        }

        _timeDigits = Math.Max(_timeDigits, time.FractionDigits);
        See(time.Shape, text, row);
    }

    void See(TextShape shape, ReadOnlySpan<byte> text, long row)
    {
        if ((shape & TextShape.Anything) != TextShape.None && _firstText is null)
            (_firstText, _firstTextRow) = (Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestNamedText)]), row);
        _seen |= shape;
    }

    /// <summary>Cells without a value if the column has this type, and how they were spelled.</summary>
    public (long Nulls, IReadOnlyDictionary<string, long> Spellings) NullsAs(DataType type) => type.Kind == DataKind.String
        ? (Missing + _emptyText, new Dictionary<string, long>(StringComparer.Ordinal))
        : (Missing + _spelled.Values.Sum(), _spelled.OrderBy(s => s.Key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal));

    public long Cells => Values + Missing + _spelled.Values.Sum();

    /// <summary>Whether the column is text whatever values follow: some value is, or they are of several kinds.</summary>
    public bool IsTextForGood => (_seen & TextShape.Anything) != TextShape.None || (_nested is not null && _seen != TextShape.None) || ((_seen & ~TextShape.Numbers) != TextShape.None && (_seen & (_seen - 1)) != TextShape.None);

    /// <summary>How dates of the column are written.</summary>
    public (TextShape Shape, bool DayFirst) Dates => (_seen & TextShape.Text) != TextShape.None ? (TextShape.Text, true) : (_seen, _dayFirst);

    /// <summary>The narrowest type that holds every value exactly, and why.</summary>
    public (DataType Type, string Evidence) Infer()
    {
        if (_nested is not null)
            return InferNested(_nested);
        if (_seen == TextShape.None)
            return (DataType.String, "no value was seen");
        if ((_seen & TextShape.Text) != TextShape.None)
            return (DataType.String, $"'{_firstText}' (row {_firstTextRow}) is text");
        if ((_seen & TextShape.ZeroLed) != TextShape.None)
            return (DataType.String, $"'{_firstText}' (row {_firstTextRow}) starts with zeros, which a number would lose");
        if ((_seen & ~TextShape.Numbers) == TextShape.None)
            return InferNumber();
        return _seen switch
        {
            TextShape.Boolean => (DataType.Boolean, "every value is true or false"),
            TextShape.IsoDate => (DataType.Date, "every value is a date yyyy-MM-dd"),
            TextShape.SlashedIsoDate => (DataType.Date, "every value is a date yyyy/MM/dd"),
            TextShape.DottedDate => (DataType.Date, "every value is a date dd.MM.yyyy"),
            TextShape.NamedMonthDate => (DataType.Date, "every value is a date with a named month"),
            TextShape.SlashedDate or TextShape.DashedDate => InferTwoNumberDate(),
            TextShape.Time => (DataType.Time(_timeDigits > 6 ? TimeUnit.Nanoseconds : TimeUnit.Microseconds), $"every value is a time of day, {_timeDigits} digits after the second"),
            TextShape.LocalTimestamp or TextShape.ZonedTimestamp => InferTimestamp(),
            _ => (DataType.String, $"values are of several kinds: {_seen}"),
        };
    }

    (DataType Type, string Evidence) InferNested(NestedProfile nested)
    {
        if (_seen != TextShape.None)
            return (DataType.String, "some values are nested and some are not, so they stay JSON text");
        var reasons = new List<string>();
        var type = nested.Infer("the value", reasons);
        return (type, reasons.Count == 0 ? "every value has the same shape" : string.Join("; ", reasons));
    }

    (DataType Type, string Evidence) InferNumber()
    {
        if ((_seen & TextShape.Scientific) != TextShape.None)
            return (DataType.Double, "some value is in scientific notation");
        if (_seen == TextShape.Integer && !_beyondInt64)
            return (DataType.Int64, $"every value is a whole number of at most {_whole} digits");
        var seen = $"every value is a number of at most {_whole} digits before and {_fraction} after the point";
        if (_whole + _fraction > DataType.MaxPrecision)
            return (DataType.String, seen + $", more than the {DataType.MaxPrecision} that an exact decimal holds");
        // Two sizes only: the type of a column should not change with every day's largest price.
        var precision = _whole + _fraction <= 18 ? 18 : DataType.MaxPrecision;
        return (DataType.Decimal(precision, _fraction), seen);
    }

    (DataType Type, string Evidence) InferTwoNumberDate() => (_dayFirst, _monthFirst) switch
    {
        (true, false) => (DataType.Date, "every value is a date, day first: some day is after the 12th"),
        (false, true) => (DataType.Date, "every value is a date, month first: some day is after the 12th"),
        (true, true) => (DataType.String, "dates, but no value tells whether the day or the month stands first"),
        _ => (DataType.String, "dates, some with the day and some with the month first"),
    };

    (DataType Type, string Evidence) InferTimestamp()
    {
        var utc = _seen == TextShape.ZonedTimestamp;
        if (_timeDigits > 6 && _beyondNanoseconds)
            return (DataType.String, "timestamps with nanoseconds outside the years 1678-2261");
        return (DataType.Timestamp(_timeDigits > 6 ? TimeUnit.Nanoseconds : TimeUnit.Microseconds, utc),
            $"every value is a timestamp {(utc ? "with" : "without")} a zone, {_timeDigits} digits after the second");
    }
}
