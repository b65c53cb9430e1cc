using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of a connection by a driver that is loaded by name.</summary>
public record AdoOptions
{
    /// <summary>
    /// The driver's assembly, such as <c>Microsoft.Data.SqlClient</c>, or its factory and assembly,
    /// <c>Vendor.Data.VendorFactory, Vendor.Data</c>. It is loaded from the folder of the setting <c>Ingestion:ProviderFolder</c>.
    /// </summary>
    public virtual string? Provider { get; init; }

    /// <summary>
    /// Entries of the connection string beside, or instead of, the system's own. Values may hold <c>{host}</c>, <c>{port}</c>,
    /// <c>{database}</c>, <c>{user}</c> and <c>{password}</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What statements are sent when a connection was opened.</summary>
    public IReadOnlyList<string> Initialize { get; init; } = [];
}

/// <summary>How a database that we do not know writes SQL.</summary>
public sealed record GenericAdoOptions : AdoOptions, IValidatableObject
{
    /// <summary>What stands around identifiers: one character, or an opening and a closing one; default a double quote.</summary>
    [StringLength(2, MinimumLength = 1)]
    public string Quotes { get; init; } = "\"";

    /// <summary>What a parameter begins with: <c>@</c>, <c>:</c>, or <c>?</c> where parameters have no names; default <c>@</c>.</summary>
    [RegularExpression("[@:?]")]
    public string Parameter { get; init; } = "@";

    /// <summary>Statement that shows that the database is up; default <c>SELECT 1</c>.</summary>
    public string Probe { get; init; } = "SELECT 1";

    /// <summary>Expression for the time now in UTC; default <c>CURRENT_TIMESTAMP</c>.</summary>
    public string Now { get; init; } = "CURRENT_TIMESTAMP";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider is null)
            yield return new("expected 'provider', the name of the driver's assembly.", [nameof(Provider)]);
    }
}
