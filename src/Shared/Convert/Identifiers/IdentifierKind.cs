using System.Text.Json.Serialization;

namespace DataIngestion.Conversion;

/// <summary>The identifiers that are known by their form. The names in schemas are the lower-case ones.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IdentifierKind>))]
public enum IdentifierKind
{
    /// <summary>International securities identification number, ISO 6166: a prefix, nine characters, a check digit.</summary>
    [JsonStringEnumMemberName("isin")]
    Isin,

    /// <summary>CUSIP and CINS, ANSI X9.6: eight characters and a check digit.</summary>
    [JsonStringEnumMemberName("cusip")]
    Cusip,

    /// <summary>Stock Exchange Daily Official List number: six characters and a check digit.</summary>
    [JsonStringEnumMemberName("sedol")]
    Sedol,

    /// <summary>Financial instrument global identifier, OMG FIGI 1.0: eleven characters and a check digit.</summary>
    [JsonStringEnumMemberName("figi")]
    Figi,

    /// <summary>Legal entity identifier, ISO 17442: eighteen characters and two check digits.</summary>
    [JsonStringEnumMemberName("lei")]
    Lei,

    /// <summary>Business identifier code, ISO 9362: eight or eleven characters.</summary>
    [JsonStringEnumMemberName("bic")]
    Bic,

    /// <summary>International bank account number, ISO 13616: a country, two check digits, up to thirty characters; grouped by spaces or not.</summary>
    [JsonStringEnumMemberName("iban")]
    Iban,

    /// <summary>Market identifier code, ISO 10383.</summary>
    [JsonStringEnumMemberName("mic")]
    Mic,

    /// <summary>Currency code, ISO 4217.</summary>
    [JsonStringEnumMemberName("currency")]
    Currency,
}
