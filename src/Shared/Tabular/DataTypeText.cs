using System.Buffers;
using System.Text;

namespace DataIngestion.Tabular;

/// <summary>Types as text, both ways. The grammar is what <see cref="Of"/> writes, with spaces allowed between words.</summary>
internal ref struct DataTypeText
{
    const string Expected =
        "expected boolean, int8, int16, int32, int64, uint64, float, double, string, binary, date, decimal(PRECISION,SCALE), time(ms|us|ns), "
        + "timestamp(ms|us|ns), timestamp(ms|us|ns,utc), duration(ms|us|ns), list<TYPE> or struct<NAME:TYPE,…>";

    static readonly SearchValues<char> Special = SearchValues.Create("<>(),:\" \t\r\n");
    readonly ReadOnlySpan<char> _text;
    int _at;

    DataTypeText(ReadOnlySpan<char> text) => _text = text;

    public static string Of(DataType type)
    {
        var unit = type.Unit switch { TimeUnit.Milliseconds => "ms", TimeUnit.Microseconds => "us", _ => "ns" };
        return type.Kind switch
        {
            DataKind.Decimal => $"decimal({type.Precision},{type.Scale})",
            DataKind.Time => $"time({unit})",
            DataKind.Duration => $"duration({unit})",
            DataKind.Timestamp => type.IsUtc ? $"timestamp({unit},utc)" : $"timestamp({unit})",
            DataKind.List => $"list<{type.Element}{(type.ElementNullable ? "" : " not null")}>",
            DataKind.Struct => $"struct<{string.Join(',', type.Fields!.Select(f => $"{Quote(f.Name)}:{f.Type}{(f.Nullable ? "" : " not null")}"))}>",
            _ => type.Kind.ToString().ToLowerInvariant(),
        };
    }

    static string Quote(string name) =>
        name.AsSpan().ContainsAny(Special) ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;

    public static DataType Parse(string text)
    {
        var parser = new DataTypeText(text);
        try
        {
            var type = parser.Type(0);
            parser.Spaces();
            return parser._at == text.Length ? type : throw parser.Wrong();
        }
        catch (ArgumentException wrong)
        {
            throw new FormatException($"'{text}' is not a column type: {wrong.Message}", wrong);
        }
    }

    DataType Type(int depth)
    {
        if (depth > DataType.MaxDepth)
            throw Wrong();
        var name = Word();
        switch (name)
        {
            case "decimal":
                var (precision, scale) = (Number(Argument('(')), Number(Argument(',')));
                if (precision is < 1 or > DataType.MaxPrecision || scale > precision)
                    throw Wrong();
                Expect(')');
                return DataType.Decimal(precision, scale);
            case "time" or "duration" or "timestamp":
                var unit = Unit(Argument('('));
                var isUtc = name is "timestamp" && Take(',') && (Word() is "utc" ? true : throw Wrong());
                Expect(')');
                return name switch { "time" => DataType.Time(unit), "duration" => DataType.Duration(unit), _ => DataType.Timestamp(unit, isUtc) };
            case "list":
                Expect('<');
                var element = Type(depth + 1);
                var list = DataType.List(element, Nullable());
                Expect('>');
                return list;
            case "struct":
                return Struct(depth);
            default:
                return Simple(name) ?? throw Wrong();
        }
    }

    DataType Struct(int depth)
    {
        var fields = new List<DataColumn>();
        Expect('<');
        do
        {
            var name = Name();
            Expect(':');
            var type = Type(depth + 1);
            fields.Add(new(name, type, Nullable()));
        }
        while (Take(','));
        Expect('>');
        return DataType.Struct(fields);
    }

    static DataType? Simple(ReadOnlySpan<char> name) => name switch
    {
        "boolean" => DataType.Boolean,
        "int8" => DataType.Int8,
        "int16" => DataType.Int16,
        "int32" => DataType.Int32,
        "int64" => DataType.Int64,
        "uint64" => DataType.UInt64,
        "float" => DataType.Float,
        "double" => DataType.Double,
        "string" => DataType.String,
        "binary" => DataType.Binary,
        "date" => DataType.Date,
        _ => null,
    };

    TimeUnit Unit(ReadOnlySpan<char> word) => word switch
    {
        "ms" => TimeUnit.Milliseconds,
        "us" => TimeUnit.Microseconds,
        "ns" => TimeUnit.Nanoseconds,
        _ => throw Wrong(),
    };

    int Number(ReadOnlySpan<char> word) =>
        int.TryParse(word, System.Globalization.NumberStyles.None, null, out var number) ? number : throw Wrong();

    ReadOnlySpan<char> Argument(char before)
    {
        Expect(before);
        return Word();
    }

    bool Nullable()
    {
        var before = _at;
        if (Word() is "not" && Word() is "null")
            return false;
        _at = before;
        return true;
    }

    string Name()
    {
        if (!Take('"'))
            return Word().ToString();
        var name = new StringBuilder();
        while (_text[_at..].IndexOf('"') is >= 0 and var quote)
        {
            name.Append(_text.Slice(_at, quote));
            _at += quote + 1;
            if (_at == _text.Length || _text[_at] != '"')
                return name.ToString();
            name.Append('"');
            _at++;
        }

        throw Wrong();
    }

    ReadOnlySpan<char> Word()
    {
        Spaces();
        var rest = _text[_at..];
        var length = rest.IndexOfAny(Special) is >= 0 and var end ? end : rest.Length;
        _at += length;
        return rest[..length];
    }

    void Expect(char mark)
    {
        if (!Take(mark))
            throw Wrong();
    }

    bool Take(char mark)
    {
        Spaces();
        if (_at == _text.Length || _text[_at] != mark)
            return false;
        _at++;
        return true;
    }

    void Spaces()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }

    readonly FormatException Wrong() => new($"'{_text}' is not a column type; {Expected}.");
}
