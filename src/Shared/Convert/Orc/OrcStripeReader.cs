using DataIngestion.Conversion.Orc.Columns;
using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc;

/// <summary>Makes the decoders of the columns of one stripe. Layout: orc.apache.org/specification/ORCv1, "Stripes".</summary>
internal sealed class OrcStripeReader
{
    const int MaxFooterBytes = 64 << 20;
    const int Present = 0;
    const int Data = 1;
    const int Length = 2;
    const int DictionaryData = 3;
    const int Secondary = 5;

    readonly Stream _content;
    readonly OrcPacking _packing;
    readonly OrcTail _tail;
    readonly OrcSchema _schema;
    readonly OrcReading _reading;
    readonly OrcSurvey? _survey;
    readonly Dictionary<(int Column, int Kind), (long Offset, long Length)> _streams = [];
    readonly List<(int Kind, int DictionarySize)> _encodings = [];
    readonly OrcZone _zone;

    /// <param name="zone">That of timestamps where the stripe does not say.</param>
    /// <param name="survey">Takes what timestamps and decimals hold, instead of their values being read; null to read them.</param>
    public OrcStripeReader(Stream content, OrcStripe stripe, OrcPacking packing, OrcTail tail, OrcSchema schema, OrcReading reading, OrcZone? zone, OrcSurvey? survey)
    {
        (_content, _packing, _tail, _schema, _reading, _survey) = (content, packing, tail, schema, reading, survey);
        var stored = new OrcStream(content, stripe.Offset + stripe.IndexLength + stripe.DataLength, stripe.FooterLength, packing);
        var named = ReadFooter(stored.ReadToEnd(MaxFooterBytes, "the footer of a stripe"), stripe);
        HasZone = named is not null;
        _zone = named is null
            ? zone ?? OrcZone.Utc()
            : OrcZone.Find(named) ?? throw new NotSupportedException($"The ORC file was written in the time zone '{named}', which is unknown.");
    }

    /// <summary>Whether the stripe says in which zone its timestamps were written.</summary>
    public bool HasZone { get; }

    /// <summary>Bytes of the longest value that the dictionaries of the columns have, summed.</summary>
    public long LongestEntries { get; private set; }

    /// <summary>Whether each row has a value, where the rows as a whole may have none.</summary>
    public BitRuns? RootPresent => _tail.Types[0].Kind == OrcKind.Struct ? PresentOf(0) : null;

    /// <summary>The decoder of a column.</summary>
    public ColumnDecoder Decoder(int place)
    {
        var type = _tail.Types[place];
        var present = PresentOf(place);
        switch (type.Kind)
        {
            case OrcKind.Boolean:
                return new BooleanDecoder(present, new(new(Open(place, Data))));
            case OrcKind.Byte:
                return new ByteDecoder(present, new(Open(place, Data)));
            case OrcKind.Short:
                return new IntegerDecoder<short>(present, Integers(place, Data, isSigned: true));
            case OrcKind.Int:
                return new IntegerDecoder<int>(present, Integers(place, Data, isSigned: true));
            case OrcKind.Long:
                return new IntegerDecoder<long>(present, Integers(place, Data, isSigned: true));
            case OrcKind.Float:
                return new FloatDecoder(present, Open(place, Data));
            case OrcKind.Double:
                return new DoubleDecoder(present, Open(place, Data));
            case OrcKind.Date:
                return new DateDecoder(present, Integers(place, Data, isSigned: true), _tail.IsHybridCalendar);
            case OrcKind.String or OrcKind.Varchar or OrcKind.Char:
                return Bytes(place, present, isText: true);
            case OrcKind.Binary or OrcKind.Geometry or OrcKind.Geography:
                return Bytes(place, present, isText: false);
            case OrcKind.Timestamp or OrcKind.TimestampInstant:
                return Timestamp(place, present, type.Kind == OrcKind.TimestampInstant);
            case OrcKind.Decimal:
                return Decimal(place, present, type);
            case OrcKind.List:
                return new ListDecoder(present, Integers(place, Length, isSigned: false), Decoder(type.Children[0]), _reading);
            case OrcKind.Map:
                return new MapDecoder(present, Integers(place, Length, isSigned: false), Decoder(type.Children[0]), Decoder(type.Children[1]), _reading);
            case OrcKind.Union:
                return new UnionDecoder(present, new(Open(place, Data)), [.. type.Children.Select(Decoder)]);
            default:
                return type.Children.Count == 0 ? new EmptyStructDecoder(present) : new StructDecoder(present, [.. type.Children.Select(Decoder)]);
        }
    }

    ColumnDecoder Bytes(int place, BitRuns? present, bool isText)
    {
        if (!IsDictionary(place))
            return new BytesDecoder(present, Integers(place, Length, isSigned: false), Open(place, Data), _reading, isText);
        var dictionary = new OrcDictionary(_encodings[place].DictionarySize, Integers(place, Length, isSigned: false), Open(place, DictionaryData), _reading, isText);
        LongestEntries += dictionary.Longest;
        return new DictionaryDecoder(present, Integers(place, Data, isSigned: false), dictionary, _reading);
    }

    ColumnDecoder Timestamp(int place, BitRuns? present, bool isUtc)
    {
        var zone = isUtc ? OrcZone.Utc() : _zone;
        var values = new TimestampValues(Integers(place, Data, isSigned: true), Integers(place, Secondary, isSigned: false), zone, _tail.IsHybridCalendar);
        if (_survey?.IsOpen(place) == true)
            return new TimestampSurveyor(present, values, _survey, place);
        return _schema.Of(place).Kind == DataKind.String ? new TimestampTextDecoder(present, values, isUtc) : new TimestampDecoder(present, values);
    }

    ColumnDecoder Decimal(int place, BitRuns? present, OrcType type)
    {
        if (_tail.HasShortDecimals && type.Precision is > 0 and <= 18)
            return new ShortDecimalDecoder(present, IntegerRuns.Of(Open(place, Data), isSigned: true, isSecondVersion: true));
        var values = new DecimalValues(Open(place, Data), Integers(place, Secondary, isSigned: true));
        if (_survey?.IsOpen(place) == true)
            return new DecimalSurveyor(present, values, _survey, place);
        var as_ = _schema.Of(place);
        if (as_.Kind == DataKind.String)
            return new DecimalTextDecoder(present, values);
        return as_.IsWideDecimal ? new DecimalDecoder<Int128>(present, values) : new DecimalDecoder<long>(present, values);
    }

    bool IsDictionary(int place) => _encodings[place].Kind is 1 or 3;

    IntegerRuns Integers(int place, int kind, bool isSigned) => IntegerRuns.Of(Open(place, kind), isSigned, _encodings[place].Kind is 2 or 3);

    BitRuns? PresentOf(int place) => _streams.ContainsKey((place, Present)) ? new(new(Open(place, Present))) : null;

    /// <summary>A stream that is not there has no bytes: writers leave out those that would be empty.</summary>
    OrcStream Open(int place, int kind) =>
        _streams.TryGetValue((place, kind), out var found) ? new(_content, found.Offset, found.Length, _packing) : OrcStream.Empty(_packing);

    string? ReadFooter(ReadOnlySpan<byte> message, OrcStripe stripe)
    {
        string? zone = null;
        var (offset, end) = (stripe.Offset, stripe.Offset + stripe.IndexLength + stripe.DataLength);
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    offset = AddStream(fields.Bytes(), offset, end);
                    break;
                case 2:
                    _encodings.Add(Encoding(fields.Bytes()));
                    break;
                case 3:
                    zone = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        if (_encodings.Count < _tail.Types.Count)
            throw new InvalidDataException($"The ORC file is damaged: the stripe at byte {stripe.Offset} has {_encodings.Count} columns of {_tail.Types.Count}.");
        return string.IsNullOrEmpty(zone) ? null : zone;
    }

    long AddStream(ReadOnlySpan<byte> message, long offset, long end)
    {
        var (kind, column, length) = (0, 0, 0L);
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    kind = fields.Small();
                    break;
                case 2:
                    column = fields.Small();
                    break;
                case 3:
                    length = fields.Length();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        if (length > end - offset)
            throw new InvalidDataException($"The ORC file is damaged: a stream at byte {offset} would have {length} bytes, and its stripe ends at byte {end}.");
        _streams.TryAdd((column, kind), (offset, length));
        return offset + length;
    }

    static (int Kind, int DictionarySize) Encoding(ReadOnlySpan<byte> message)
    {
        var (kind, size) = (0, 0);
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    kind = fields.Small();
                    break;
                case 2:
                    size = fields.Small();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return kind <= 3 ? (kind, size) : throw new NotSupportedException($"The ORC file has a column in the unknown encoding {kind}.");
    }
}
