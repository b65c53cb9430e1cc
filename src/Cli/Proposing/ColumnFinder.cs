using System.Text;
using DataIngestion.Contracts;
using DataIngestion.Conversion;
using DataIngestion.Tabular;

namespace DataIngestion.Cli.Proposing;

/// <summary>Makes columns of fields: names as datasets write them, types from the values, units from names.</summary>
internal static class ColumnFinder
{
    static readonly (string Word, string Unit)[] Units =
    [
        ("percent", "percent"), ("pct", "percent"), ("yield", "percent"), ("volume", "units traded"), ("shares", "shares"), ("bps", "basis points"),
        ("usd", "USD"), ("eur", "EUR"), ("gbp", "GBP"),
    ];

    /// <summary>The columns in order.</summary>
    public static IReadOnlyList<ColumnGuess> Find(SampleTable table)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        return [.. table.Columns.Where(c => !c.Name.StartsWith('_') && !c.Type.IsNested).Select(c => Of(c, names))];
    }

    static ColumnGuess Of(SampleColumn column, HashSet<string> names)
    {
        var name = SnakeCase(column.Name);
        for (var n = 2; !names.Add(name); n++)
            name = $"{SnakeCase(column.Name)}_{n}";
        var epoch = column.Type.IsExactNumber && ParameterNames.IsTime(column.Name) && column.Values.OfType<string>().ToList() is { Count: > 0 } values ? values.Select(CursorFinder.EpochOf).Distinct().ToList() is [{ } unit] ? unit : null : null;
        var kind = epoch is not null ? ColumnKind.Timestamp : KindOf(column.Type);
        var confidence = column.Values.Count(v => v is not null) switch { 0 => 0.2, < 3 => 0.6, < 10 => 0.75, _ => 0.9 };
        var unitOf = kind is ColumnKind.Decimal or ColumnKind.Float or ColumnKind.Integer ? Units.FirstOrDefault(u => name.Contains(u.Word, StringComparison.Ordinal)) : default;
        return new(
            name, column.Name, new(kind.ToString().ToLowerInvariant(), confidence, epoch is null ? column.Evidence.TrimEnd('.') : $"its numbers count time since 1970 ({epoch})"), epoch,
            unitOf.Unit is null ? null : new(unitOf.Unit, 0.6, "its name says so"))
        {
            Kind = kind,
            Scale = column.Type.Kind == DataKind.Decimal ? column.Type.Scale : 0,
            IsComplete = column.IsComplete,
            Identifier = column.Identifier is { } found && kind is ColumnKind.String && Enum.TryParse<IdentifierType>(Identifier.NameOf(found.Kind), ignoreCase: true, out var type) ? type : null,
        };
    }

    static ColumnKind KindOf(DataType type) => type switch
    {
        { Kind: DataKind.Boolean } => ColumnKind.Boolean,
        { IsInteger: true } => ColumnKind.Integer,
        { Kind: DataKind.Decimal } => ColumnKind.Decimal,
        { IsFloating: true } => ColumnKind.Float,
        { Kind: DataKind.Date } => ColumnKind.Date,
        { Kind: DataKind.Timestamp } => ColumnKind.Timestamp,
        _ => ColumnKind.String,
    };

    /// <summary><c>adjClose</c> and <c>1. open</c> become <c>adj_close</c> and <c>open</c>.</summary>
    public static string SnakeCase(string name)
    {
        var snake = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && snake.Length > 0 && char.IsAsciiLetterLower(snake[^1]))
                snake.Append('_');
            if (char.IsAsciiLetterOrDigit(c))
                snake.Append(char.ToLowerInvariant(c));
            else if (snake.Length > 0 && snake[^1] != '_')
                snake.Append('_');
        }

        var clean = snake.ToString().Trim('_').TrimStart('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '_');
        return clean.Length > 0 ? clean : $"field_{snake.ToString().Trim('_')}";
    }
}
