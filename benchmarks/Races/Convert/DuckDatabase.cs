using System.Globalization;
using DataIngestion.Tabular;
using DuckDB.NET.Data;

namespace DataIngestion.Benchmarks.Convert;

/// <summary>DuckDB in this process: the other runner of the race, and the judge of both results.</summary>
internal sealed class DuckDatabase : IDisposable
{
    readonly DuckDBConnection _connection = new("Data Source=:memory:");

    public DuckDatabase(int threads)
    {
        _connection.Open();
        Run($"set threads = {threads}");
        Run("set preserve_insertion_order = true");
    }

    public void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Count, sum (of lengths for text), least, greatest and number of distinct values of a column.</summary>
    public string Summary(string parquet, DataColumn source)
    {
        var column = source.Name;
        var sum = source.Type.Kind switch
        {
            DataKind.String => $"length({column})",
            DataKind.Date => $"({column} - date '1970-01-01')",
            DataKind.Timestamp => $"epoch_ns({column})::hugeint",
            DataKind.Boolean => $"{column}::int",
            _ => column,
        };
        return Scalar($"""
            select count({column})::varchar || ' ' || sum({sum})::varchar
                || ' ' || min({column})::varchar || ' ' || max({column})::varchar || ' ' || count(distinct {column})::varchar
            from read_parquet('{parquet}')
            """);
    }

    /// <summary>The column's type as DuckDB calls it.</summary>
    public string TypeOf(string parquet, string column) => Scalar($"select typeof({column}) from read_parquet('{parquet}') limit 1");

    string Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return System.Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture) ?? "";
    }

    public void Dispose() => _connection.Dispose();
}
