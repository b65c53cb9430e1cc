using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using DataIngestion.Conversion.Json.Nested;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;

namespace DataIngestion.Conversion.Inference;

/// <summary>
/// What every value of one column looked like. Profiles of parts of an input merge to the profile of the whole, wherever it was cut: everything
/// kept is a sum, a bound, a union, or the first of something by row. Memory does not grow with the input. Not thread-safe.
/// </summary>
internal sealed class ColumnProfile(NullSpellings nulls)
{
    const int MostExamples = 3;
    const int LongestExample = 40;
    const int FractionDigitsKept = 10;
    readonly long[] _spelled = new long[nulls.Texts.Count];
    readonly List<string> _examples = new(MostExamples);
    Sighting?[]? _sightings;
    Sighting? _text;
    long _emptyText;
    long _midnights;
    NestedProfile? _nested;

    /// <summary>Whether every plain number so far is also a date or a timestamp written as digits.</summary>
    bool _mayBeDates = true;
    bool _mayBeTimestamps = true;

    public NumberProfile Numbers { get; } = new();

    public TimeProfile Times { get; } = new();

    /// <summary>Every shape seen.</summary>
    public TextShape Seen { get; private set; }

    /// <summary>The words for true and false that were seen: two bits a pair.</summary>
    public int Words { get; private set; }

    /// <summary>Cells with a value, if the column is not text.</summary>
    public long Values { get; private set; }

    public long Missing { get; private set; }

    /// <summary>The first values that differ, at most three, cut to 40 bytes.</summary>
    public IReadOnlyList<string> Examples => _examples;

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

        if (kind is not (CellKind.Number or CellKind.Boolean or CellKind.Json) && nulls.IndexOf(text) is >= 0 and var spelling)
        {
            _spelled[spelling]++;
            if (text.IsEmpty && kind == CellKind.Text)
                _emptyText++;
            return;
        }

        Values++;
        if (kind == CellKind.Midnight)
        {
            _midnights++;
            text = CellText.DayOf(text);
        }

        if (_examples.Count < MostExamples)
            AddExample(text);
        if (kind == CellKind.Literal)
        {
            SeeText(text, row);
            return;
        }

        if (NumberText.TryPlain(text, out var unscaled, out var fraction))
        {
            Numbers.AddPlain(unscaled, fraction, text, row);
            Seen |= fraction == 0 ? TextShape.Integer : TextShape.Decimal;
            if (_mayBeDates | _mayBeTimestamps)
                LookForDates(text, kind);
            return;
        }

        Look(CellTrim.Trim(text), kind, row);
    }

    void AddExample(ReadOnlySpan<byte> text)
    {
        var example = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestExample)]);
        if (!_examples.Contains(example))
            _examples.Add(example);
    }

    void LookForDates(ReadOnlySpan<byte> text, CellKind kind)
    {
        var measure = kind == CellKind.Number || !CompactTime.IsPlausible(text) ? default : TimeText.Classify(text);
        _mayBeDates &= measure.Shape == TextShape.CompactDate;
        _mayBeTimestamps &= measure is { Shape: TextShape.LocalTimestamp, Form: TextShape.CompactDate };
        if (_mayBeDates | _mayBeTimestamps)
            Times.Add(measure);
    }

    void Look(ReadOnlySpan<byte> text, CellKind kind, long row)
    {
        if (kind == CellKind.Json || text.IsEmpty)
        {
            SeeText(text, row);
            return;
        }

        var first = text[0];
        var isDigit = (uint)(first - '0') <= 9;
        if (char.IsAsciiLetter((char)first) && !text.ContainsAnyInRange((byte)'0', (byte)'9'))
        {
            LookAtWord(text, row);
            return;
        }

        // Nearly every text with a hyphen there begins with a year; the others are looked at again.
        if (isDigit && text.Length >= 10 && text[4] == '-' && TryTime(text, row))
            return;
        if ((isDigit || first is (byte)'-' or (byte)'+' or (byte)'.') && NumberText.Classify(text) is { Shape: not TextShape.Text } number)
        {
            SeeNumber(number, text, kind, row);
            return;
        }

        if ((isDigit || char.IsAsciiLetter((char)first) || first is (byte)'-' or (byte)'+') && TryTime(text, row))
            return;

        if (SpelledNumber.TryRead(text, out var spelled))
        {
            Numbers.AddSpelled(spelled);
            See(TextShape.SpelledNumber, 0, text, row, text.Length);
        }
        else
        {
            SeeText(text, row);
        }
    }

    bool TryTime(ReadOnlySpan<byte> text, long row)
    {
        var time = TimeText.Classify(text);
        if (time.Shape == TextShape.Text || (time.Form == TextShape.CompactDate && !CompactTime.IsPlausible(text)))
            return false;
        Times.Add(time);
        See(time.Shape, time.FractionDigits, text, row, time.Seconds);
        return true;
    }

    void LookAtWord(ReadOnlySpan<byte> text, long row)
    {
        if (!BooleanText.TryRead(text, out var pair, out var value))
        {
            SeeText(text, row);
            return;
        }

        Words |= 1 << (pair * 2 + (value ? 1 : 0));
        See(pair == BooleanText.TrueFalse ? TextShape.Boolean : TextShape.BooleanWord, 0, text, row, 0);
    }

    void SeeNumber(NumberText.Measure number, ReadOnlySpan<byte> text, CellKind kind, long row)
    {
        switch (number.Shape)
        {
            case TextShape.ZeroLed:
                See(TextShape.ZeroLed, 0, text, row, text.Length);
                break;
            case TextShape.Scientific when DoubleParser.TryRead(text, NumberSpelling.Plain, strict: false, out var value):
                Numbers.AddScientific(value);
                See(TextShape.Scientific, 0, text, row, text.Length);
                break;
            case TextShape.Scientific:
                SeeText(text, row);
                break;
            default:
                Seen |= number.Shape;
                if (NumberText.TryPlain(text, out var unscaled, out var fraction))
                    Numbers.AddPlain(unscaled, fraction, text, row);
                else
                    Numbers.AddWide(text, number, row);
                if (_mayBeDates | _mayBeTimestamps)
                    LookForDates(text, kind);
                break;
        }
    }

    void SeeText(ReadOnlySpan<byte> text, long row)
    {
        Seen |= TextShape.Text;
        (_text ??= Sighting.Of(TextShape.Text, 0, text, row)).See(text.Length);
    }

    void See(TextShape shape, int digits, ReadOnlySpan<byte> text, long row, long measured)
    {
        Seen |= shape;
        _sightings ??= new Sighting?[(BitOperations.Log2((uint)TextShape.BooleanWord) + 1) * FractionDigitsKept];
        ref var seen = ref _sightings[BitOperations.Log2((uint)shape) * FractionDigitsKept + digits];
        (seen ??= Sighting.Of(shape, digits, text, row)).See(measured);
    }

    /// <summary>Adds what was seen in the part of the input that follows. Associative: parts may be merged in any grouping, but in their order.</summary>
    /// <param name="later">The profile of that part, by the same spellings of no value; it is not changed.</param>
    /// <param name="rowsBefore">Records before that part, which its row numbers do not count.</param>
    public void Merge(ColumnProfile later, long rowsBefore)
    {
        (Values, Missing, _emptyText) = (Values + later.Values, Missing + later.Missing, _emptyText + later._emptyText);
        for (var i = 0; i < _spelled.Length; i++)
            _spelled[i] += later._spelled[i];
        foreach (var example in later._examples)
        {
            if (_examples.Count < MostExamples && !_examples.Contains(example))
                _examples.Add(example);
        }

        if (later._sightings is not null)
        {
            _sightings ??= new Sighting?[later._sightings.Length];
            for (var i = 0; i < _sightings.Length; i++)
                _sightings[i] = Sighting.Merge(_sightings[i], later._sightings[i], rowsBefore);
        }

        if (later._nested is not null)
            (_nested ??= new(nulls)).Merge(later._nested, rowsBefore);
        _text = Sighting.Merge(_text, later._text, rowsBefore);
        _midnights += later._midnights;
        _mayBeDates &= later._mayBeDates;
        _mayBeTimestamps &= later._mayBeTimestamps;
        Seen |= later.Seen;
        Words |= later.Words;
        Numbers.Merge(later.Numbers, rowsBefore);
        Times.Merge(later.Times);
    }

    /// <summary>A profile of its own that has seen the same.</summary>
    public ColumnProfile Copy()
    {
        var copy = new ColumnProfile(nulls);
        copy.Merge(this, 0);
        return copy;
    }

    /// <summary>Values by how they look, in order of their first.</summary>
    public IReadOnlyList<Sighting> Sightings =>
        [.. Numbers.Sightings.Concat((_sightings ?? []).OfType<Sighting>()).Concat(_text is null ? [] : [_text]).OrderBy(s => s.Row)];

    /// <summary>Whether the column is text whatever follows, because some value is.</summary>
    public bool IsText => (Seen & TextShape.Anything) != TextShape.None;

    /// <summary>Whether every date could also be a timestamp, because its format stores both alike.</summary>
    public bool AreDatesMidnights => _midnights > 0 && Sightings.Where(s => (s.Shape & TextShape.Dates) != TextShape.None).Sum(s => s.Count) == _midnights;

    /// <summary>The form of plain numbers that are also all dates or all timestamps.</summary>
    public TextShape CompactShape => _mayBeDates ? TextShape.CompactDate : _mayBeTimestamps ? TextShape.LocalTimestamp : TextShape.None;

    /// <summary>What decides about the type while it is open: as long as it stays the same, so does the type.</summary>
    public (TextShape Seen, int Words, bool DayFirst, bool MonthFirst, (int, NumberAffix?, bool, bool) Numbers) Decision =>
        (Seen, Words, Times.CanBeDayFirst, Times.CanBeMonthFirst, Numbers.Decision);

    /// <summary>Cells without a value if the column has this type, and how they were spelled.</summary>
    public (long Nulls, IReadOnlyDictionary<string, long> Spellings) NullsAs(Tabular.DataType type)
    {
        var spellings = new Dictionary<string, long>(StringComparer.Ordinal);
        if (type.Kind == Tabular.DataKind.String)
            return (Missing + _emptyText, spellings);
        foreach (var i in Enumerable.Range(0, _spelled.Length).Where(i => _spelled[i] > 0).OrderBy(i => nulls.Texts[i], StringComparer.Ordinal))
            spellings.Add(nulls.Texts[i], _spelled[i]);
        return (Missing + _spelled.Sum(), spellings);
    }

    public long Cells => Values + Missing + _spelled.Sum();

    /// <summary>The narrowest type that holds every value exactly, and why.</summary>
    /// <param name="siblingComma">The decimal mark that the other columns prove, for numbers that do not tell; null for none.</param>
    public ColumnFinding Infer(bool? siblingComma = null) => _nested is null ? TypeInference.Of(this, siblingComma) : InferNested(_nested);

    ColumnFinding InferNested(NestedProfile nested)
    {
        if (Seen != TextShape.None)
            return ColumnFinding.Text("some values are nested and some are not, so they stay JSON text");
        var reasons = new List<string>();
        var type = nested.Infer("the value", reasons);
        return new(type, ColumnFormat.Default, reasons.Count == 0 ? "every value has the same shape" : string.Join("; ", reasons));
    }

    /// <summary>Whether the column is text whatever values follow: some value is, or they are of several kinds.</summary>
    public bool IsTextForGood => Infer() is { Type.Kind: Tabular.DataKind.String, IsOpen: false };
}
