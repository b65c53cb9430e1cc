using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What is wrong with a dataset of a database, seen from its configuration alone.</summary>
internal static class SqlChecks
{
    /// <summary>Findings about a dataset.</summary>
    public static IEnumerable<ConfigurationFinding> Of(SourceDatasetDefinition dataset)
    {
        if (dataset.Read is not { } read)
            yield break;
        var query = read.Options.GetValueOrDefault("query");
        if (read.Object is null == query is null)
        {
            yield return new(read, "", "expected exactly one of 'object', the name of a table, and 'query'.");
            yield break;
        }

        if (read.Object is { } table && SqlName.TryParse(table) is not { Count: <= 3 })
            yield return new(read, nameof(ReadDefinition.Object), $"'{table}' is not the name of a table: expected table or schema.table; a part with dots or quotes stands in double quotes.");
        if (query is null)
            yield break;
        if (!query.AsSpan().TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase) && !query.AsSpan().TrimStart().StartsWith("with", StringComparison.OrdinalIgnoreCase))
            yield return new(read, "Options[query]", "a query begins with SELECT or WITH.");
        if (query.Contains("{from}", StringComparison.Ordinal) && dataset.Cursor is null)
            yield return new(read, "Options[query]", "'{from}' is where the cursor stands: the dataset needs a 'cursor'.");
        if (query.Contains("{to}", StringComparison.Ordinal) && dataset.Cursor is { Type: CursorType.Integer or CursorType.Text })
            yield return new(read, "Options[query]", "'{to}' is a time: expected a cursor of type date or timestamp.");
    }
}
