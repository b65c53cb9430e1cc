using System.Buffers.Text;
using System.IO.Hashing;
using System.Text;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Identifiers;

/// <summary>
/// Watches the values of one column for identifiers: the first thousand for every kind, the rest only for those that half of them were. What it finds does
/// not depend on how the rows are divided into batches.
/// </summary>
internal sealed class IdentifierWatch(string name)
{
    const int Sampled = 1000;
    const int MostDifferent = 64;
    const double Least = 0.9;
    readonly List<Candidate> _candidates = [.. Identifier.Kinds.Select(k => new Candidate(k))];
    long _values;

    /// <summary>A watch over a column; null for one whose type cannot hold identifiers.</summary>
    public static IdentifierWatch? For(DataColumn column) => column.Type.Kind is DataKind.String or DataKind.Int32 or DataKind.Int64 ? new(column.Name) : null;

    /// <summary>Looks at the values that follow.</summary>
    public void Add(ColumnVector column)
    {
        for (var row = 0; row < column.Count && _candidates.Count > 0; row++)
        {
            if (column.IsNull(row))
                continue;
            if (column is BytesColumn texts)
                Add(texts[row].Trim((byte)' '));
            else
                AddNumber(column is FixedColumn<int> narrow ? narrow.Values[row] : ((FixedColumn<long>)column).Values[row]);
        }
    }

    /// <summary>Identifiers of nothing but digits without leading zeros look like numbers.</summary>
    void AddNumber(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Add(digits[..length]);
    }

    void Add(ReadOnlySpan<byte> value)
    {
        foreach (var candidate in _candidates)
            candidate.Add(value);
        if (++_values == Sampled)
            _candidates.RemoveAll(c => c.Valid < Sampled / 2);
    }

    /// <summary>The kind of identifiers that the column holds; null where it holds none.</summary>
    public IdentifierFinding? Find()
    {
        IdentifierFinding? best = null;
        foreach (var candidate in _candidates)
        {
            if (_values == 0)
                return null;
            var score = IdentifierChances.Score(candidate.Kind, IdentifierChances.IsNamed(candidate.Kind, name), (double)candidate.Valid / _values, candidate.Different);
            if (score >= Least && score > (best?.Score ?? 0))
                best = new(candidate.Kind, Math.Round(score, 6), _values, candidate.Valid, candidate.FirstInvalid);
        }

        return best;
    }

    sealed class Candidate(IdentifierKind kind)
    {
        const int MostShown = 40;
        readonly HashSet<ulong> _different = [];
        readonly byte[] _last = new byte[MostShown];
        int _lastLength;
        bool _lastIsValid;

        public IdentifierKind Kind => kind;

        public long Valid { get; private set; }

        public int Different => _different.Count;

        public string? FirstInvalid { get; private set; }

        public void Add(ReadOnlySpan<byte> value)
        {
            // Files are often sorted by instrument.
            if (!value.SequenceEqual(_last.AsSpan(0, _lastLength)))
            {
                _lastLength = value.Length <= MostShown ? value.Length : 0;
                value[.._lastLength].CopyTo(_last);
                _lastIsValid = Identifier.IsValid(kind, value);
                if (_lastIsValid && _different.Count < MostDifferent)
                    _different.Add(XxHash3.HashToUInt64(value));
            }

            if (_lastIsValid)
                Valid++;
            else
                FirstInvalid ??= Encoding.UTF8.GetString(value[..Math.Min(value.Length, MostShown)]);
        }
    }
}
