using DataIngestion.Tabular;

namespace DataIngestion.Conversion.Orc.Columns;

/// <summary>Reads the values of one column of one stripe, from its first row on.</summary>
/// <param name="present">Whether each row has a value; null where all have. Rows that a parent does not have are not in it.</param>
internal abstract class ColumnDecoder(BitRuns? present)
{
    /// <summary>Adds the next rows to a builder of the column's type.</summary>
    public abstract void Read(ColumnBuilder to, int rows);

    /// <summary>Whether the next row has a value.</summary>
    protected bool IsPresent() => present is null || present.Next();
}

/// <summary>A column whose values are read one after the other.</summary>
/// <typeparam name="TBuilder">The builder of the column's type.</typeparam>
internal abstract class ValueDecoder<TBuilder>(BitRuns? present) : ColumnDecoder(present)
    where TBuilder : ColumnBuilder
{
    public sealed override void Read(ColumnBuilder to, int rows)
    {
        var builder = (TBuilder)to;
        for (var row = 0; row < rows; row++)
        {
            if (IsPresent())
                Append(builder);
            else
                builder.AppendNull();
        }
    }

    /// <summary>Adds the next value.</summary>
    protected abstract void Append(TBuilder builder);
}
