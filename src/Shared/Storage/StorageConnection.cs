using Azure.Core;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Storage;

/// <summary>
/// A storage account in the settings, by the rules of the Functions host: <c>{name}</c> is a connection string; without it
/// <c>{name}__accountName</c>, or an address for each service (<c>__blobServiceUri</c>, <c>__queueServiceUri</c>, <c>__tableServiceUri</c>),
/// with an identity (see <see cref="AzureIdentities"/>). <c>AzureWebJobs{name}</c> wins over <c>{name}</c>.
/// </summary>
public sealed class StorageConnection
{
    /// <summary>The account of the Functions host: its queues start functions. Every app needs it.</summary>
    public const string Host = "AzureWebJobsStorage";

    /// <summary>The account of the data: containers, and the platform's tables. Where it is missing, <see cref="Host"/> serves.</summary>
    public const string Data = "DataStorage";

    readonly IConfigurationSection _section;

    StorageConnection(string name, IConfigurationSection section) => (Name, _section) = (name, section);

    /// <summary>The setting's name.</summary>
    public string Name { get; }

    /// <summary>The connection string; null where an identity is used. Secret.</summary>
    public string? ConnectionString => _section.Value is { Length: > 0 } text ? text : null;

    /// <summary>Client id of the identity, if the settings name one.</summary>
    public string? ClientId => _section["clientId"];

    /// <summary>The identity.</summary>
    public TokenCredential Identity => AzureIdentities.Of(_section);

    /// <summary>The connection of this name; null when the settings have none.</summary>
    public static StorageConnection? Find(IConfiguration settings, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var key in (string[])["AzureWebJobs" + name, name, "ConnectionStrings:" + name])
        {
            var section = settings.GetSection(key);
            if (section.Value is { Length: > 0 } || section.GetChildren().Any(c => c.Value is { Length: > 0 }))
                return new(name, section);
        }

        return null;
    }

    /// <summary>The address of a service: <c>blob</c>, <c>queue</c> or <c>table</c>.</summary>
    /// <exception cref="InvalidOperationException">The settings name neither the account nor the service.</exception>
    public Uri Service(string service)
    {
        if (_section["accountName"] is { Length: > 0 } account)
            return new($"https://{account}.{service}.{_section["endpointSuffix"] ?? "core.windows.net"}");
        var name = $"{service}ServiceUri";
        if (_section[name] is not { Length: > 0 } text)
            throw new InvalidOperationException($"'{Name}' says neither a connection string nor where its {service}s are: set '{Name}__accountName' to the account's name, or '{Name}__{name}' to the service's address.");
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new InvalidOperationException($"'{Name}__{name}' is '{text}': expected an address such as https://name.{service}.core.windows.net.");
    }
}
