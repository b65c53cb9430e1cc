using System.Runtime.CompilerServices;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Inference;

/// <summary>
/// The numbers of a column. Which mark is the decimal one is known only at the end, so everything is kept under both readings: a plain <c>1.234</c> is one
/// number if the point is that mark, and another if points group digits.
/// </summary>
internal sealed class NumberProfile
{
    /// <summary>By digits after the point: plain numbers of at most 18 digits, with their bounds, and a count of wider ones.</summary>
    readonly Sighting?[] _plain = new Sighting?[DataType.MaxPrecision + 2];

    /// <summary>Plain numbers of more than 18 digits.</summary>
    readonly NumberRange _wide = new();
    readonly NumberRange _spelledPoint = new();
    readonly NumberRange _spelledComma = new();
    bool _widePoint;
    bool _pointsMayGroup = true;
    bool _spelledMarks;
    int _readings = NumberSpelling.All;
    NumberAffix? _affix;
    bool _affixesDiffer;
    long _bareParentheses;
    long _spelled;

    /// <summary>Scientific values, as bounds.</summary>
    public double Least { get; private set; } = double.PositiveInfinity;

    public double Most { get; private set; } = double.NegativeInfinity;

    public IEnumerable<Sighting> Sightings => _plain.OfType<Sighting>();

    /// <summary>A plain number of at most 18 digits, the case that has to be fast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPlain(long unscaled, int fraction, ReadOnlySpan<byte> text, long row)
    {
        var seen = _plain[fraction] ?? First(fraction, text, row);
        seen.Count++;
        if (unscaled < seen.Least)
            seen.Least = unscaled;
        if (unscaled > seen.Most)
            seen.Most = unscaled;
        // 1.234 could be 1234, 0.123 and 1234.567 could not.
        if (fraction == 3 && _pointsMayGroup)
            _pointsMayGroup = Math.Abs(unscaled) is >= 1_000 and <= 999_999;
    }

    Sighting First(int fraction, ReadOnlySpan<byte> text, long row) =>
        _plain[fraction] = Sighting.Of(fraction == 0 ? TextShape.Integer : TextShape.Decimal, fraction, text, row);

    /// <summary>A plain number of any length that is not in scientific notation.</summary>
    public void AddWide(ReadOnlySpan<byte> text, NumberText.Measure measure, long row)
    {
        (_plain[Math.Min(measure.Fraction, _plain.Length - 1)] ?? First(Math.Min(measure.Fraction, _plain.Length - 1), text, row)).Count++;
        _widePoint |= measure.Shape == TextShape.Decimal;
        if (measure.Fraction <= DataType.MaxPrecision && NumberText.TryScaled(text, measure.Fraction, out Int128 unscaled) && Int128.Abs(unscaled) < ExactDecimal.PowerOfTen(DataType.MaxPrecision))
            _wide.Add(unscaled, measure.Fraction);
        else
            _wide.AddBeyond();
    }

    public void AddSpelled(in SpelledNumber number)
    {
        _spelled++;
        _readings &= number.Readings;
        _spelledMarks |= number.HasMarks;
        _affixesDiffer |= _affix is not null && _affix != number.Affix;
        _affix ??= number.Affix;
        _bareParentheses += number.IsBareParenthesis ? 1 : 0;
        if (number.Digits > DataType.MaxPrecision)
        {
            _spelledPoint.AddBeyond();
            _spelledComma.AddBeyond();
            return;
        }

        _spelledPoint.Add(number.Unscaled, number.PointFraction);
        _spelledComma.Add(number.Unscaled, number.CommaFraction);
    }

    public void AddScientific(double value) => (Least, Most) = (Math.Min(Least, value), Math.Max(Most, value));

    public void Merge(NumberProfile later, long rowsBefore)
    {
        for (var i = 0; i < _plain.Length; i++)
            _plain[i] = Sighting.Merge(_plain[i], later._plain[i], rowsBefore);
        _wide.Merge(later._wide);
        _spelledPoint.Merge(later._spelledPoint);
        _spelledComma.Merge(later._spelledComma);
        _widePoint |= later._widePoint;
        _pointsMayGroup &= later._pointsMayGroup;
        _spelledMarks |= later._spelledMarks;
        _readings &= later._readings;
        _affixesDiffer |= later._affixesDiffer || (_affix is not null && later._affix is not null && _affix != later._affix);
        _affix ??= later._affix;
        _bareParentheses += later._bareParentheses;
        _spelled += later._spelled;
        (Least, Most) = (Math.Min(Least, later.Least), Math.Max(Most, later.Most));
    }

    long Plain => _plain.Sum(p => p?.Count ?? 0);

    bool HasScientific => Least <= Most;

    /// <summary>Whether some plain number has a decimal point.</summary>
    bool HasPoint => _widePoint || _plain.AsSpan(1).ContainsAnyExcept((Sighting?)null);

    bool HasMarks => HasPoint || _spelledMarks;

    /// <summary>What stands beside every number, or null where it differs or is missing beside some.</summary>
    public NumberAffix? Affix => _affixesDiffer ? null : _affix is null ? NumberAffix.None : (Plain > 0 || HasScientific) && _affix != NumberAffix.None ? null : _affix;

    /// <summary>Whether every number is digits in parentheses, which could be the numbers of a list.</summary>
    public bool IsListNumbers => _bareParentheses > 0 && _bareParentheses == _spelled && Plain == 0 && !HasScientific;

    /// <summary>Bits of the readings of <see cref="NumberSpelling"/> that explain every number.</summary>
    public int Readings
    {
        get
        {
            var readings = _readings;
            if (HasScientific)
                readings &= NumberSpelling.Plain.Reading;
            if (!HasPoint)
                return readings;
            var mayGroup = _pointsMayGroup && !_widePoint && Sightings.All(s => s.Digits is 0 or 3);
            return readings & (NumberSpelling.PointReadings | (mayGroup ? new NumberSpelling(true, Grouping.Point, NumberAffix.None).Reading : 0));
        }
    }

    /// <summary>Whether the readings left give some number two values.</summary>
    public bool IsOpen => HasMarks && Readings is var left && (left & 1) == 0 && (left & NumberSpelling.CommaReadings) != 0 && (left & NumberSpelling.PointReadings) != 0;

    /// <summary>Whether the decimal mark is a comma, where some number proves it; null where none does.</summary>
    public bool? ProvenComma => !HasMarks || Readings == 0 ? null
        : (Readings & NumberSpelling.PointReadings) == 0 ? true
        : (Readings & NumberSpelling.CommaReadings) == 0 ? false : null;

    /// <summary>Every number under one spelling.</summary>
    public (NumberRange Range, bool PointWritten) Under(NumberSpelling spelling)
    {
        var range = new NumberRange();
        range.Merge(_wide);
        foreach (var seen in _plain.OfType<Sighting>().Where(s => s.Least <= s.Most))
        {
            var fraction = (spelling.DecimalComma ? 0 : seen.Digits) + spelling.Affix.Shift;
            range.Add(seen.Least, fraction);
            range.Add(seen.Most, fraction);
        }

        var spelled = spelling.DecimalComma ? _spelledComma : _spelledPoint;
        range.Merge(spelling.Affix.Shift == 0 ? spelled : spelled.Shifted(spelling.Affix.Shift));
        return (range, _widePoint || range.Fraction > 0);
    }

    /// <summary>What decides about the type while it is open.</summary>
    public (int Readings, NumberAffix? Affix, bool IsListNumbers, bool HasMarks) Decision => (Readings, Affix, IsListNumbers, HasMarks);
}
