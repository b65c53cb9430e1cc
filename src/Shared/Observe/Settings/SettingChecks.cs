using System.Globalization;
using DataIngestion.Contracts;
using DataIngestion.Storage;

namespace DataIngestion.Observe.Settings;

/// <summary>Says of a value what was expected instead; null when it is good.</summary>
internal static class SettingChecks
{
    public static string? Https(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps ? null : "an address that begins with https://";

    public static string? Web(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? null : "an address that begins with http:// or https://";

    public static string? VaultKey(string text) =>
        Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var key) && key is { Scheme: "https", Segments: [_, "keys/", _] } ? null : "the address of a key without a version, such as https://name.vault.azure.net/keys/client-encryption";

    public static string? HostName(string text) => Uri.CheckHostName(text) is UriHostNameType.Dns ? null : "a host name, such as name.servicebus.windows.net";

    public static string? ClientId(string text) => Guid.TryParse(text, out _) ? null : "the client id of an identity, a GUID";

    public static string? Credential(string text) => AzureIdentities.IsKnown(text) ? null : $"'{AzureIdentities.Managed}' or '{AzureIdentities.Workload}'";

    public static string? Account(string text) => text.Length is >= 3 and <= 24 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)) ? null : "the name of a storage account, 3 to 24 lower-case letters and digits";

    public static string? Truth(string text) => bool.TryParse(text, out _) ? null : "true or false";

    public static string? Duration(string text) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero ? null : "a time such as 00:01:00";

    public static string? Ratio(string text) => float.TryParse(text, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? null : "a number from 0 to 1";

    public static string? Id(string text) => ConfigurationId.IsValid(text) ? null : ConfigurationId.Rule;

    public static string? Share(string text)
    {
        try
        {
            ScheduleShare.Parse(text);
            return null;
        }
        catch (FormatException)
        {
            return "from-to in percent, such as 0-100, 0-10, 10-100 or 0-0";
        }
    }

    public static string? Schedule(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "six fields such as '*/10 * * * * *', or an interval such as 00:00:10";

    public static string? Provider(string text) => text is "azureManaged" or "AzureStorage" ? null : "azureManaged or AzureStorage";

    public static string? Hub(string text) => text.Length is >= 3 and <= 45 && char.IsAsciiLetter(text[0]) && text.All(char.IsAsciiLetterOrDigit) ? null : "3 to 45 letters and digits, the first a letter";

    public static string? Scheduler(string text) =>
        !text.Contains("Endpoint=http", StringComparison.OrdinalIgnoreCase) || !text.Contains("Authentication=", StringComparison.OrdinalIgnoreCase) ? "Endpoint=https://…;Authentication=ManagedIdentity;ClientID=…" : null;

    public static string? Insights(string text) =>
        text.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase) && text.Contains("IngestionEndpoint=https://", StringComparison.OrdinalIgnoreCase) ? null : "InstrumentationKey=…;IngestionEndpoint=https://…";

    public static string? InsightsIdentity(string text) => text.StartsWith("Authorization=AAD", StringComparison.OrdinalIgnoreCase) ? null : "Authorization=AAD;ClientId=…";
}
