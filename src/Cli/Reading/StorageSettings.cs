using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Cli.Reading;

/// <summary>The settings of storage accounts as a command sees them.</summary>
internal static class StorageSettings
{
    static readonly string[] Parts =
        ["", "__accountName", "__endpointSuffix", "__blobServiceUri", "__queueServiceUri", "__tableServiceUri", "__credential", "__clientId", "__tenantId", "__managedIdentityResourceId"];

    /// <summary>The settings; null when no account is among them.</summary>
    public static IConfiguration? Of(CommandEnvironment environment)
    {
        var found = from name in (string[])[StorageConnection.Data, StorageConnection.Host]
                    from part in Parts
                    let value = environment.Setting(name + part)
                    where value is { Length: > 0 }
                    select KeyValuePair.Create((name + part).Replace("__", ":", StringComparison.Ordinal), (string?)value);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(found).Build();
        return StorageConnection.Find(settings, StorageConnection.Data) is null && StorageConnection.Find(settings, StorageConnection.Host) is null ? null : settings;
    }
}
