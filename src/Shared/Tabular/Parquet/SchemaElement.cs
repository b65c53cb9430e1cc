namespace DataIngestion.Tabular.Parquet;

/// <summary>A node of a file's schema, and what it means for us.</summary>
internal sealed record SchemaElement
{
    public const int Required = 0;
    public const int Optional = 1;
    public const int Repeated = 2;

    public PhysicalType? Physical { get; set; }

    public int Width { get; set; }

    public int Repetition { get; set; }

    public string Name { get; set; } = "";

    public int Children { get; set; }

    public int? Converted { get; set; }

    public int Scale { get; set; }

    public int Precision { get; set; }

    public int? Logical { get; set; }

    public TimeUnit? Unit { get; set; }

    public bool IsUtc { get; set; }

    public int BitWidth { get; set; }

    public bool IsSigned { get; set; } = true;

    public static SchemaElement Read(ref ThriftReader thrift)
    {
        var element = new SchemaElement();
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            switch (id)
            {
                case 1: element.Physical = (PhysicalType)thrift.Int32(); break;
                case 2: element.Width = thrift.Int32(); break;
                case 3: element.Repetition = thrift.Int32(); break;
                case 4: element.Name = thrift.Text(); break;
                case 5: element.Children = thrift.Int32(); break;
                case 6: element.Converted = thrift.Int32(); break;
                case 7: element.Scale = thrift.Int32(); break;
                case 8: element.Precision = thrift.Int32(); break;
                case 10 when type == ThriftType.Struct: element.ReadLogical(ref thrift); break;
                default: thrift.Skip(type); break;
            }
        }

        return element;
    }

    void ReadLogical(ref ThriftReader thrift)
    {
        short id = 0;
        while (thrift.Field(ref id, out var type))
        {
            Logical = id;
            if (type != ThriftType.Struct)
            {
                thrift.Skip(type);
                continue;
            }

            short inner = 0;
            while (thrift.Field(ref inner, out var kind))
                ReadArgument(ref thrift, id, inner, kind);
        }
    }

    void ReadArgument(ref ThriftReader thrift, short logical, short id, ThriftType type)
    {
        switch (logical, id)
        {
            case (5, 1): Scale = thrift.Int32(); break;
            case (5, 2): Precision = thrift.Int32(); break;
            case (7 or 8, 1): IsUtc = type == ThriftType.True; break;
            case (7 or 8, 2):
                short unit = 0;
                while (thrift.Field(ref unit, out var kind))
                {
                    Unit = (TimeUnit)(unit - 1);
                    thrift.Skip(kind);
                }

                break;
            case (10, 1): BitWidth = (sbyte)thrift.Byte(); break;
            case (10, 2): IsSigned = type == ThriftType.True; break;
            default: thrift.Skip(type); break;
        }
    }

    /// <summary>Whether it is annotated as a list.</summary>
    public bool IsList => Logical == 3 || (Logical is null && Converted == 3);

    /// <summary>Whether it is annotated as a map, by either of the names that older writers used.</summary>
    public bool IsMap => Logical == 2 || (Logical is null && Converted is 1 or 2);

    /// <summary>Whether its twelve bytes are months, days and milliseconds.</summary>
    public bool IsInterval => Logical is null && Converted == 21;

    /// <summary>The column this leaf is, or a sentence why it cannot be read. Annotations that are not known leave the stored form.</summary>
    /// <param name="int96Unit">The resolution of timestamps of 96 bits.</param>
    public (DataType? Type, string? Problem) ToDataType(TimeUnit int96Unit)
    {
        var isDecimal = Logical == 5 || Converted == 5;
        if (isDecimal && (Precision is < 1 or > DataType.MaxPrecision || Scale < 0 || Scale > Precision))
            return (null, $"is a decimal({Precision},{Scale}), which is not within 38 digits");
        if (Physical == PhysicalType.FixedLengthByteArray && (Width < 1 || Width > 1 << 20))
            return (null, $"has values of {Width} bytes, which cannot be");
        if ((Logical == 15 && Width != 2) || (Logical == 14 && Width != 16) || (IsInterval && Width != 12))
            return (null, $"has values of {Width} bytes, which does not fit its annotation");
        return (Physical, Logical, Converted) switch
        {
            (PhysicalType.Boolean, _, _) => (DataType.Boolean, null),
            (PhysicalType.Double, _, _) => (DataType.Double, null),
            (PhysicalType.Float, _, _) => (DataType.Float, null),
            (PhysicalType.Int96, _, _) => (DataType.Timestamp(int96Unit, isUtc: false), null),
            (not null, _, _) when isDecimal => (DataType.Decimal(Precision, Scale), null),
            (PhysicalType.Int32, 6, _) or (PhysicalType.Int32, null, 6) => (DataType.Date, null),
            (PhysicalType.Int32 or PhysicalType.Int64, 7, _) => (DataType.Time(Unit ?? TimeUnit.Microseconds), null),
            (PhysicalType.Int32, null, 7) => (DataType.Time(TimeUnit.Milliseconds), null),
            (PhysicalType.Int64, null, 8) => (DataType.Time(TimeUnit.Microseconds), null),
            (PhysicalType.Int64, 8, _) => (DataType.Timestamp(Unit ?? TimeUnit.Microseconds, IsUtc), null),
            (PhysicalType.Int64, null, 9) => (DataType.Timestamp(TimeUnit.Milliseconds, isUtc: true), null),
            (PhysicalType.Int64, null, 10) => (DataType.Timestamp(TimeUnit.Microseconds, isUtc: true), null),
            (PhysicalType.Int32, 10, _) => (IsSigned, BitWidth) switch
            {
                (true, 8) => (DataType.Int8, null),
                (true, 16) or (false, 8) => (DataType.Int16, null),
                (true, _) or (false, 16) => (DataType.Int32, null),
                _ => (DataType.Int64, null),
            },
            (PhysicalType.Int32, null, 15) => (DataType.Int8, null),
            (PhysicalType.Int32, null, 16 or 11) => (DataType.Int16, null),
            (PhysicalType.Int32, null, 13) => (DataType.Int64, null),
            (PhysicalType.Int32, _, _) => (DataType.Int32, null),
            (PhysicalType.Int64, 10, _) when !IsSigned => (DataType.UInt64, null),
            (PhysicalType.Int64, null, 14) => (DataType.UInt64, null),
            (PhysicalType.Int64, _, _) => (DataType.Int64, null),
            (PhysicalType.ByteArray, 1 or 4 or 12, _) or (PhysicalType.ByteArray, null, 0 or 4 or 19) => (DataType.String, null),
            (PhysicalType.FixedLengthByteArray, 15, _) => (DataType.Float, null),
            (PhysicalType.FixedLengthByteArray, 14, _) => (DataType.String, null),
            (PhysicalType.FixedLengthByteArray, null, 21) => (DataType.String, null),
            (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, _, _) => (DataType.Binary, null),
            _ => (null, $"has the unknown physical type {Physical}"),
        };
    }

    /// <summary>Whether the values are unsigned in the file and need widening.</summary>
    public bool IsUnsigned => (Logical == 10 && !IsSigned) || (Logical is null && Converted is 11 or 12 or 13 or 14);
}
