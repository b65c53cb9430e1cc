namespace DataIngestion.Connect;

/// <summary>A database that we do not know: standard SQL, and what its options say. Its columns are what the driver says of them.</summary>
internal sealed class GenericDialect(GenericAdoOptions options) : SqlDialect
{
    public override string VersionSql => options.Probe;

    public override string NowSql => options.Now;

    public override string Parameter(int index, SqlBinding binding, string? type) => options.Parameter == "?" ? "?" : $"{options.Parameter}p{index}";

    public override string? CatalogueSql(IReadOnlyList<string>? name) => null;

    protected override string QuoteCore(string identifier) => Within(options.Quotes[0], identifier, options.Quotes[^1]);
}
