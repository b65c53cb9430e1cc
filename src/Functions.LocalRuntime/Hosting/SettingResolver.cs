using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>Turns <c>%Name%</c> and connection names of attributes into values of an app's configuration.</summary>
internal sealed partial class SettingResolver(IConfiguration configuration)
{
    public const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>Replaces every <c>%Name%</c>; a missing or empty setting is a fault and stays as written.</summary>
    public string Resolve(string text, Action<string> fault) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        if (configuration[name] is { Length: > 0 } value)
            return value;
        fault($"'{text}' names the setting '{name}', which is missing. Set it in the environment or the application settings.");
        return match.Value;
    });

    /// <summary>Whether <c>AzureWebJobs.{function}.Disabled</c> is true: the function is there, but nothing starts it.</summary>
    public bool IsDisabled(string function) => bool.TryParse(configuration[$"AzureWebJobs.{function}.Disabled"], out var disabled) && disabled;

    /// <summary>
    /// The connection string of a <c>Connection</c> property, looked up as Azure does: <c>AzureWebJobs{Name}</c>, then <c>{Name}</c>,
    /// each also below <c>ConnectionStrings</c>. Null, after a fault, if there is none or it is not one.
    /// </summary>
    public string? StorageConnection(string? connection, Action<string> fault)
    {
        var name = connection is null ? DefaultConnection : Resolve(connection, fault);
        var prefixed = "AzureWebJobs" + name;
        var value = configuration[prefixed] ?? configuration[name]
            ?? configuration.GetConnectionString(prefixed) ?? configuration.GetConnectionString(name);
        if (string.IsNullOrEmpty(value))
        {
            fault($"the storage connection '{name}' is missing: set '{(connection is null ? name : prefixed)}' to a connection string.");
            return null;
        }

        try
        {
            _ = new BlobServiceClient(value);
            return value;
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException)
        {
            // The value may hold a key, so it is not shown.
            fault($"the storage connection '{name}' is not a storage connection string ({malformed.Message}).");
            return null;
        }
    }

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
