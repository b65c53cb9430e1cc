using System.Globalization;
using System.Text;
using System.Text.Unicode;
using DataIngestion.Conversion.Values;
using DataIngestion.Tabular;
using SQLitePCL;

namespace DataIngestion.Conversion.Sqlite;

/// <summary>Takes the values of one column.</summary>
internal abstract class SqliteCell(ColumnBuilder builder)
{
    public static SqliteCell Of(SqliteColumn column, ColumnBuilder builder) => builder switch
    {
        FixedBuilder<bool> flags => new Flags(flags),
        FixedBuilder<double> reals => new Reals(reals),
        BytesBuilder bytes when column.Type.Kind == DataKind.Binary => new Blobs(bytes),
        BytesBuilder texts => new Texts(texts),
        FixedBuilder<long> integers when column.Type.Kind == DataKind.Int64 => new Integers(integers),
        _ => new Times(CellParser.For(column.Type, builder, column.Format), column.Type, builder),
    };

    /// <summary>Adds the value of the row at hand.</summary>
    public void Append(SqliteRows rows, int column)
    {
        if (rows.ClassOf(column) == raw.SQLITE_NULL)
            builder.AppendNull();
        else
            Value(rows, column);
    }

    protected abstract void Value(SqliteRows rows, int column);

    sealed class Flags(FixedBuilder<bool> builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column) => builder.Append(rows.Integer(column) != 0);
    }

    sealed class Integers(FixedBuilder<long> builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column) => builder.Append(rows.Integer(column));
    }

    sealed class Reals(FixedBuilder<double> builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column) => builder.Append(rows.Real(column));
    }

    sealed class Blobs(BytesBuilder builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column) => builder.Append(rows.Bytes(column));
    }

    sealed class Texts(BytesBuilder builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column)
        {
            switch (rows.ClassOf(column))
            {
                case raw.SQLITE_INTEGER:
                    builder.Append(rows.Integer(column).ToString(CultureInfo.InvariantCulture));
                    break;
                case raw.SQLITE_FLOAT:
                    builder.Append(rows.Real(column).ToString("R", CultureInfo.InvariantCulture));
                    break;
                case raw.SQLITE_BLOB:
                    builder.Append(System.Convert.ToHexStringLower(rows.Bytes(column)));
                    break;
                default:
                    var text = rows.Bytes(column);
                    builder.Append(Utf8.IsValid(text) ? text : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
                    break;
            }
        }
    }

    sealed class Times(CellParser parser, DataType type, ColumnBuilder builder) : SqliteCell(builder)
    {
        protected override void Value(SqliteRows rows, int column)
        {
            var text = rows.Bytes(column);
            if (!parser.TryAppend(text))
                throw new InvalidDataException($"The SQLite database changed while it was read: '{Encoding.UTF8.GetString(text)}' is no {type}.");
        }
    }
}
