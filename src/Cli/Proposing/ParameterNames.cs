using System.Text.RegularExpressions;

namespace DataIngestion.Cli.Proposing;

/// <summary>What names of parameters, headers and fields usually mean at vendors of financial data. Conventions, not rules: evidence in the values goes before them.</summary>
internal static partial class ParameterNames
{
    /// <summary>Carries a key.</summary>
    public static bool IsSecret(string name) => SecretPattern().IsMatch(name);

    /// <summary>Carries a page's number.</summary>
    public static bool IsPage(string name) => PagePattern().IsMatch(name);

    /// <summary>Carries the number of records before a page.</summary>
    public static bool IsOffset(string name) => OffsetPattern().IsMatch(name);

    /// <summary>Carries a page's size.</summary>
    public static bool IsSize(string name) => SizePattern().IsMatch(name);

    /// <summary>Carries a page's token, as a parameter or as a field.</summary>
    public static bool IsToken(string name) => TokenPattern().IsMatch(name);

    /// <summary>Asks from a time or number on.</summary>
    public static bool IsFrom(string name) => FromPattern().IsMatch(name);

    /// <summary>Asks up to a time or number.</summary>
    public static bool IsTo(string name) => ToPattern().IsMatch(name);

    /// <summary>Names what is asked about.</summary>
    public static bool IsSubject(string name) => SubjectPattern().IsMatch(name);

    /// <summary>Says whether there is a next page.</summary>
    public static bool IsMore(string name) => MorePattern().IsMatch(name);

    /// <summary>A record's time by name.</summary>
    public static bool IsTime(string name) => TimePattern().IsMatch(name);

    /// <summary>Identifies a record by itself.</summary>
    public static bool IsIdentity(string name) => IdentityPattern().IsMatch(name);

    [GeneratedRegex(@"^(x[-_])?(.*[-_.])?(api[-_]?key|apikey|api[-_]?token|access[-_]?key|access[-_]?token|auth[-_]?token|subscription[-_]?key|app[-_]?id|registrationkey|userid|token|key|secret|password)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretPattern();

    [GeneratedRegex(@"^(page|p|pg|pageno|page[-_]?(number|num|index)|page\[number\]|pagenum|\$page)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PagePattern();

    [GeneratedRegex(@"^(\$?offset|\$?skip|start[-_]?(index|row|at)|startposition|from[-_]?index|resultoffset|firstrow)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OffsetPattern();

    [GeneratedRegex(@"^(\$?limit|\$?top|count|size|rows|n|max|per[-_]?page|page[-_]?size|page\[size\]|max[-_]?(results|rows|records)|num[-_]?results|outputsize|pagesize|qopts\.per_page)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"(cursor|next[-_]?(page|token|key|cursor|id)|page[-_]?token|continuation|pagination[-_]?(key|token)|after|scroll|marker|bookmark|resume)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TokenPattern();

    [GeneratedRegex(@"^(from(id|iso|tid|date)?|since[-_]?(tid|id)?|start(iso|id))$|^(.*[-_.])?(from|since|start|begin|after|gte|gt|min|period1|observation_start|startperiod|newerthan|updated[-_]?(after|since))([-_]?(date|time|timestamp|ts|day|at|period|year))?$|^(date|time|day)[-_]?(from|start|gte)$|^(start|from|begin)(date|time|period|timestamp|at|year)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FromPattern();

    [GeneratedRegex(@"^(to|end)(id|iso|date)$|^(.*[-_.])?(to|until|end|before|lte|lt|period2|observation_end|endperiod|till)([-_]?(date|time|timestamp|ts|day|at|period|year))?$|^(date|time|day)[-_]?(to|end|lte)$|^(end|to|till|until)(date|time|period|timestamp|at|year)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ToPattern();

    [GeneratedRegex(@"^(.*[-_.])?(symbols?|tickers?|isins?|cusips?|figis?|ids?|pairs?|instruments?([-_]?name)?|securit(y|ies)|series([-_]?id)?|codes?|currenc(y|ies)|base|product([-_]?id)?|underlying|exchange|market|function|q|query|keywords?|coin|account|dataset|schema|board)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SubjectPattern();

    [GeneratedRegex(@"(has[-_]?more|has[-_]?next|more[-_]?(data|results|records)?|is[-_]?last|last[-_]?page)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MorePattern();

    [GeneratedRegex(@"(date|time|timestamp|period|day|published|updated|created|^t$|^ts$|_at$|At$|datetime|asof)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"^(.*[._-])?(id|uid|uuid|guid|trade_?id|tid|figi|isin|lei|cusip|sedol|mic|symbol|ticker|code|url|accession_?number|cik|key|ident(ifier)?|pair|currency|instrument(_?name)?|name)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IdentityPattern();
}
