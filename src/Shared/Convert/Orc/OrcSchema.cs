using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc;

/// <summary>
/// The types of a file as types of columns. Timestamps and decimals without digits have a type only when it is known what they hold, so
/// <see cref="Settle"/> gives it to them.
/// </summary>
internal sealed class OrcSchema
{
    const int MostBranches = 127;

    /// <summary>What columns of transactional tables are called (Hive, "ACID and Transactions").</summary>
    static readonly string[] AcidColumns = ["operation", "originalTransaction", "bucket", "rowId", "currentTransaction", "row"];

    readonly OrcTail _tail;
    readonly int _maxDepth;
    readonly Dictionary<int, DataType> _settled = [];
    readonly List<string> _notes = [];

    public OrcSchema(OrcTail tail, ConversionLimits limits)
    {
        (_tail, _maxDepth) = (tail, Math.Min(limits.MaxDepth, DataType.MaxDepth));
        if (tail.VersionNote is not null)
            _notes.Add(tail.VersionNote);
        if (tail.Types[0].Kind == OrcKind.Struct)
            Columns = Fields(tail.Types[0], "column");
        else
            Columns = [(0, "value")];
        if (tail.MetadataNames.Any(n => n.StartsWith("hive.acid.", StringComparison.Ordinal)) || Columns.Select(c => c.Name).SequenceEqual(AcidColumns))
            throw new NotSupportedException("The ORC file is a part of a transactional (ACID) table, whose rows are inserts, updates and deletes of other files. Have the table exported, or compacted and copied to a plain one.");
        if (Columns.Count > limits.MaxColumns)
            throw new InvalidDataException($"The ORC file has {Columns.Count} columns: at most {limits.MaxColumns} are read; the limit 'columns' says how many.");
        if (Columns.Count == 0 && tail.Rows > 0)
            throw new NotSupportedException($"The ORC file has {tail.Rows} rows without a column.");
        foreach (var (type, _) in Columns)
            Check(type, 0);
    }

    /// <summary>The place of each column's type, and its name.</summary>
    public IReadOnlyList<(int Type, string Name)> Columns { get; }

    /// <summary>What people should know about the schema.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What the columns are, once every type is settled.</summary>
    public DataSchema ToSchema() => new(Columns.Select(c => new DataColumn(c.Name, Of(c.Type))));

    /// <summary>Gives a type its column type.</summary>
    public void Settle(int type, DataType as_) => _settled[type] = as_;

    /// <summary>The column type that was given.</summary>
    public DataType? Settled(int type) => _settled.GetValueOrDefault(type);

    /// <summary>The type of a column.</summary>
    public DataType Of(int place)
    {
        if (_settled.TryGetValue(place, out var settled))
            return settled;
        var type = _tail.Types[place];
        return type.Kind switch
        {
            OrcKind.Boolean => DataType.Boolean,
            OrcKind.Byte => DataType.Int8,
            OrcKind.Short => DataType.Int16,
            OrcKind.Int => DataType.Int32,
            OrcKind.Long => DataType.Int64,
            OrcKind.Float => DataType.Float,
            OrcKind.Double => DataType.Double,
            OrcKind.String or OrcKind.Varchar or OrcKind.Char => DataType.String,
            OrcKind.Binary or OrcKind.Geometry or OrcKind.Geography => DataType.Binary,
            OrcKind.Date => DataType.Date,
            OrcKind.Timestamp => DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: false),
            OrcKind.TimestampInstant => DataType.Timestamp(TimeUnit.Nanoseconds, isUtc: true),
            OrcKind.Decimal => DataType.Decimal(type.Precision, type.Scale),
            OrcKind.List => DataType.List(Of(type.Children[0])),
            OrcKind.Map => DataType.List(DataType.Struct(new DataColumn("key", Of(type.Children[0])), new DataColumn("value", Of(type.Children[1]))), nullable: false),
            OrcKind.Union => DataType.Struct([new("tag", DataType.Int8), .. type.Children.Select((c, i) => new DataColumn($"value{i}", Of(c)))]),
            _ => type.Children.Count == 0 ? DataType.Boolean : DataType.Struct(Fields(type, "field").Select(f => new DataColumn(f.Name, Of(f.Type)))),
        };
    }

    void Check(int place, int depth)
    {
        var type = _tail.Types[place];
        var isDamaged = type.Kind switch
        {
            OrcKind.List => type.Children.Count != 1,
            OrcKind.Map => type.Children.Count != 2,
            OrcKind.Struct => type.Children.Count != type.Names.Count,
            OrcKind.Union => type.Children.Count == 0,
            OrcKind.Decimal => type.Children.Count > 0 || (type.Precision > 0 && type.Scale > type.Precision),
            _ => type.Children.Count > 0,
        };
        if (isDamaged)
            throw new InvalidDataException($"The ORC file is damaged: type {place} of its schema, a {type.Kind}, has {type.Children.Count} parts or digits that do not fit.");
        if (type.Precision > DataType.MaxPrecision)
            throw new NotSupportedException($"The ORC file has decimals of {type.Precision} digits: at most {DataType.MaxPrecision} are read.");
        if (type.Kind == OrcKind.Union && type.Children.Count > MostBranches)
            throw new NotSupportedException($"The ORC file has a union of {type.Children.Count} branches: at most {MostBranches} are read.");
        if (type.Kind == OrcKind.Struct && type.Children.Count == 0)
            _notes.Add($"Type {place} of the schema is a struct without fields: its column says true where there is one.");
        depth += type.Kind == OrcKind.Map ? 2 : type.Children.Count > 0 ? 1 : 0;
        if (depth > _maxDepth)
            throw new InvalidDataException($"The types of the ORC file lie in each other more than {_maxDepth} times; the limit 'depth' says how often they may.");
        foreach (var child in type.Children)
            Check(child, depth);
    }

    /// <summary>The children of a struct with names that are unique and not empty.</summary>
    List<(int Type, string Name)> Fields(OrcType type, string unnamed)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var fields = new List<(int, string)>(type.Children.Count);
        for (var i = 0; i < type.Children.Count; i++)
        {
            var given = i < type.Names.Count ? type.Names[i] : "";
            var name = given.Length == 0 ? $"{unnamed}{i + 1}" : given;
            for (var again = 2; !taken.Add(name); again++)
                name = $"{(given.Length == 0 ? unnamed : given)}_{again}";
            if (name != given && !_notes.Contains($"The field '{given}' is named '{name}' now."))
                _notes.Add($"The field '{given}' is named '{name}' now.");
            fields.Add((type.Children[i], name));
        }

        return fields;
    }
}
