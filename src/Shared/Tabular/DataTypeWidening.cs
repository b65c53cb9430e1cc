namespace DataIngestion.Tabular;

/// <summary>Which type holds the values of two.</summary>
public sealed partial record DataType
{
    /// <summary>
    /// The narrowest type that holds every value of both exactly, or null where there is none but text.
    /// A decimal never widens to a double. Lists widen by their elements; structs have the fields of both, nullable where one lacks them.
    /// </summary>
    public static DataType? Widen(DataType left, DataType right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left == right)
            return left;
        if (left.IsSignedInteger && right.IsSignedInteger)
            return left.Kind > right.Kind ? left : right;
        if (left.IsExactNumber && right.IsExactNumber)
        {
            var scale = Math.Max(left.Scale, right.Scale);
            var whole = Math.Max(left.WholeDigits, right.WholeDigits);
            return whole + scale <= MaxPrecision ? Decimal(whole + scale, scale) : null;
        }

        if (left.IsFloating || right.IsFloating)
            return left.MantissaBits <= 53 && right.MantissaBits <= 53 ? (left.MantissaBits <= 24 && right.MantissaBits <= 24 ? Float : Double) : null;
        if (left.Kind != right.Kind)
            return null;
        return left.Kind switch
        {
            DataKind.List => Widen(left.Element!, right.Element!) is { } element ? List(element, left.ElementNullable || right.ElementNullable) : null,
            DataKind.Struct => WidenFields(left.Fields!, right.Fields!),
            _ => left.IsUtc != right.IsUtc ? null : left.Unit > right.Unit ? left : right,
        };
    }

    static DataType? WidenFields(DataSchema left, DataSchema right)
    {
        var fields = new List<DataColumn>();
        foreach (var field in left)
        {
            if (right.IndexOf(field.Name) is not (>= 0 and var at))
                fields.Add(field with { Nullable = true });
            else if (Widen(field.Type, right[at].Type) is { } type)
                fields.Add(new(field.Name, type, field.Nullable || right[at].Nullable));
            else
                return null;
        }

        fields.AddRange(right.Where(f => left.IndexOf(f.Name) < 0).Select(f => f with { Nullable = true }));
        return Struct(fields);
    }

    int WholeDigits => Kind switch
    {
        DataKind.Int8 => 3,
        DataKind.Int16 => 5,
        DataKind.Int32 => 10,
        DataKind.Int64 => 19,
        DataKind.UInt64 => 20,
        _ => Precision - Scale,
    };

    /// <summary>Bits of the significand that holds every value of the type; a large number where none does.</summary>
    int MantissaBits => Kind switch
    {
        DataKind.Int8 => 8,
        DataKind.Int16 => 16,
        DataKind.Int32 => 32,
        DataKind.Float => 24,
        DataKind.Double => 53,
        _ => int.MaxValue,
    };
}
