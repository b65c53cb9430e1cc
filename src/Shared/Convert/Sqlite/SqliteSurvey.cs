using System.Text.Unicode;
using DataIngestion.Conversion.Inference;
using DataIngestion.Conversion.Pipeline;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;
using SQLitePCL;

namespace DataIngestion.Conversion.Sqlite;

/// <summary>
/// Looks at every value of a table. SQLite's columns have no types: a value of any storage class can lie in each. A column gets a type where all its values
/// have it, and is text otherwise.
/// </summary>
internal sealed class SqliteSurvey
{
    /// <summary>Whole numbers up to this are doubles exactly.</summary>
    const long MostExact = 1L << 53;

    readonly string _name;
    readonly string _declared;
    readonly ColumnProfile _texts = new(new NullSpellings([]));
    long _integers;
    long _reals;
    long _textCount;
    long _blobs;
    long _repaired;
    bool _areFlags = true;
    bool _areExact = true;

    SqliteSurvey(string name, string declared) => (_name, _declared) = (name, declared);

    /// <summary>The columns of a table and what they are.</summary>
    public static IReadOnlyList<SqliteColumn> Of(SqliteDatabase database, string table, ConversionLimits limits, CancellationToken cancellationToken)
    {
        using var rows = database.Rows(table, cancellationToken);
        var names = new ColumnNames(limits.MaxColumns);
        SqliteSurvey[] columns = [.. Enumerable.Range(0, rows.Columns).Select(i => new SqliteSurvey(names.AddUnique(rows.NameOf(i)), rows.DeclaredTypeOf(i)))];
        for (var row = 1L; rows.Next(); row++)
        {
            for (var i = 0; i < columns.Length; i++)
                columns[i].See(rows, i, row);
        }

        return [.. columns.Select(c => c.Settle())];
    }

    void See(SqliteRows rows, int column, long row)
    {
        switch (rows.ClassOf(column))
        {
            case raw.SQLITE_INTEGER:
                var integer = rows.Integer(column);
                _areFlags &= integer is 0 or 1;
                _areExact &= integer is >= -MostExact and <= MostExact;
                _integers++;
                break;
            case raw.SQLITE_FLOAT:
                _reals++;
                break;
            case raw.SQLITE_TEXT:
                var text = rows.Bytes(column);
                _texts.Add(text, CellKind.Quoted, row);
                if (!Utf8.IsValid(text))
                    _repaired++;
                _textCount++;
                break;
            case raw.SQLITE_BLOB:
                _blobs++;
                break;
            default:
                break;
        }
    }

    SqliteColumn Settle()
    {
        var kinds = (_integers > 0 ? 1 : 0) + (_reals > 0 ? 1 : 0) + (_textCount > 0 ? 1 : 0) + (_blobs > 0 ? 1 : 0);
        var note = _repaired > 0 ? $"Column '{_name}': {_repaired} texts are not UTF-8; bytes that belong to no character are U+FFFD now." : null;
        if (kinds == 0)
            return new(_name, Declared, ColumnFormat.Default, note);
        if (_textCount > 0 && kinds == 1)
            return OfTexts(note);
        if (_blobs > 0 && kinds == 1)
            return new(_name, DataType.Binary, ColumnFormat.Default, note);
        if (_reals == 0 && kinds == 1 && !IsReal)
            return new(_name, _areFlags && Is("BOOL") ? DataType.Boolean : DataType.Int64, ColumnFormat.Default, note);
        if (_textCount + _blobs == 0 && _areExact)
            return new(_name, DataType.Double, ColumnFormat.Default, note);
        return new(_name, DataType.String, ColumnFormat.Default, $"Column '{_name}'{(_declared.Length > 0 ? $", declared {_declared}," : "")} holds {Counts()}: it is text. {note}".TrimEnd());
    }

    /// <summary>Dates, times and timestamps, which SQLite stores as text; text that looks like numbers was meant to be text.</summary>
    SqliteColumn OfTexts(string? note)
    {
        var found = _texts.Infer();
        return found.Type.Kind is DataKind.Date or DataKind.Time or DataKind.Timestamp && !found.IsOpen
            ? new(_name, found.Type, found.Format, note)
            : new(_name, DataType.String, ColumnFormat.Default, note);
    }

    /// <summary>What a column without values would hold (sqlite.org/datatype3.html, 3.1).</summary>
    DataType Declared => this switch
    {
        _ when Is("BOOL") => DataType.Boolean,
        _ when Is("INT") => DataType.Int64,
        _ when IsReal => DataType.Double,
        _ when Is("BLOB") => DataType.Binary,
        _ => DataType.String,
    };

    /// <summary>Whether whole numbers in it are fractions that happen to be whole: which they are differs from day to day.</summary>
    bool IsReal => !Is("INT") && (Is("REAL") || Is("FLOA") || Is("DOUB") || Is("DEC") || Is("NUM"));

    bool Is(string part) => _declared.Contains(part, StringComparison.OrdinalIgnoreCase);

    string Counts()
    {
        (long Count, string What)[] counts = [(_integers, "integers"), (_reals, "real numbers"), (_textCount, "texts"), (_blobs, "blobs (now hexadecimal)")];
        return string.Join(", ", counts.Where(c => c.Count > 0).Select(c => $"{c.Count} {c.What}"));
    }
}

/// <summary>A column of a table.</summary>
/// <param name="Format">How its texts are spelled, where it is a date or time.</param>
/// <param name="Note">What people should know about it.</param>
internal sealed record SqliteColumn(string Name, DataType Type, ColumnFormat Format, string? Note);
