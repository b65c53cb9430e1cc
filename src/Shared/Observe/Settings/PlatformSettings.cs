using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe.Settings;

/// <summary>Settings with which an app does not start; all faults at once.</summary>
/// <param name="faults">Each names the setting, what is wrong with it and what was expected.</param>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception($"The application settings have {faults.Count} faults:{string.Concat(faults.Select(f => $"{Environment.NewLine}- {f}"))}{Environment.NewLine}Set them in the Function App's application settings (infra/bicep sets them), in local.settings.json, or in the environment; docs/settings.md lists all.")
{
    /// <summary>What is wrong.</summary>
    public IReadOnlyList<string> Faults => faults;
}

/// <summary>Looks an app's settings over before anything is made of them.</summary>
public static class PlatformSettings
{
    const string Durable = "AzureFunctionsJobHost:extensions:durableTask:storageProvider:";

    /// <summary>Checks every setting by itself and those that must fit each other.</summary>
    /// <exception cref="SettingsException">Some are wrong.</exception>
    public static void Check(IConfiguration settings, Apps app)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<string> faults = [.. Each(settings, app), .. Required(settings, app), .. Connections(settings), .. Hub(settings), .. Telemetry(settings)];
        if (faults.Count > 0)
            throw new SettingsException(faults);
    }

    static IEnumerable<string> Each(IConfiguration settings, Apps app) =>
        from setting in SettingCatalogue.All
        where (setting.Apps & app) is not Apps.None
        let value = settings[setting.Key]
        where value is { Length: > 0 }
        let expected = setting.Check(value)
        where expected is not null
        select setting.IsSecret ? $"'{setting.Name}' is not what it should be: expected {expected}." : $"'{setting.Name}' is '{value}': expected {expected}.";

    static IEnumerable<string> Required(IConfiguration settings, Apps app)
    {
        if (StorageConnection.Find(settings, StorageConnection.Host) is null)
            yield return $"'{StorageConnection.Host}' is missing: expected a connection string, or '{StorageConnection.Host}__accountName' with '{StorageConnection.Host}__credential' and '__clientId'.";
        if (app.HasFlag(Apps.Agents) && settings["SchedulerInterval"] is not { Length: > 0 })
            yield return "'SchedulerInterval' is missing: expected six fields such as '*/10 * * * * *'.";
    }

    static IEnumerable<string> Connections(IConfiguration settings)
    {
        foreach (var name in (string[])[StorageConnection.Host, StorageConnection.Data, "EventHubs"])
        {
            var section = settings.GetSection(name);
            string[] places = name == "EventHubs" ? ["fullyQualifiedNamespace"] : ["accountName", "blobServiceUri", "queueServiceUri", "tableServiceUri"];
            var place = places.FirstOrDefault(p => section[p] is { Length: > 0 });
            var identity = ((string[])["credential", "clientId", "managedIdentityResourceId"]).FirstOrDefault(p => section[p] is { Length: > 0 });
            if (section.Value is { Length: > 0 } && place is not null)
                yield return $"'{name}' is a connection string, and '{name}__{place}' names the same by identity: expected one of the two; the connection string would win.";
            if (place is null && identity is not null)
                yield return $"'{name}__{identity}' names an identity, but nothing says for what: expected '{name}__{places[0]}'{(section.Value is { Length: > 0 } ? " instead of the connection string" : "")}.";
            if (section["clientId"] is { Length: > 0 } && section["managedIdentityResourceId"] is { Length: > 0 })
                yield return $"'{name}__clientId' and '{name}__managedIdentityResourceId' name an identity each: expected one of them.";
            if (place is not null && section["accountName"] is not { Length: > 0 } && name != "EventHubs")
            {
                foreach (var missing in Needed(name).Where(p => section[p] is not { Length: > 0 }))
                    yield return $"'{name}__{missing}' is missing beside '{name}__{place}': expected the service's address, or '{name}__accountName' alone.";
            }
        }
    }

    static IEnumerable<string> Needed(string name) =>
        name == StorageConnection.Host ? ["blobServiceUri", "queueServiceUri", "tableServiceUri"] : ["blobServiceUri", "tableServiceUri"];

    static IEnumerable<string> Hub(IConfiguration settings)
    {
        var name = settings[Durable + "connectionStringName"];
        if (settings[Durable + "type"] is not "azureManaged")
        {
            if (settings[TaskHubProbe.Scheduler] is { Length: > 0 } && settings[Durable + "type"] is "AzureStorage")
                yield return $"'{TaskHubProbe.Scheduler}' names a scheduler, but '{Environ("type")}' is 'AzureStorage': expected 'azureManaged', or no scheduler.";
            yield break;
        }

        if (name is not { Length: > 0 })
            yield return $"'{Environ("connectionStringName")}' is missing with the type 'azureManaged': expected '{TaskHubProbe.Scheduler}'.";
        else if (settings[name] is not { Length: > 0 })
            yield return $"'{name}', which '{Environ("connectionStringName")}' names, is missing: expected Endpoint=https://…;Authentication=ManagedIdentity;ClientID=….";
    }

    static IEnumerable<string> Telemetry(IConfiguration settings)
    {
        if (settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] is { Length: > 0 } && settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] is not { Length: > 0 })
            yield return "'APPLICATIONINSIGHTS_AUTHENTICATION_STRING' says who sends, but nothing says where to: expected 'APPLICATIONINSIGHTS_CONNECTION_STRING'.";
    }

    static string Environ(string part) => (Durable + part).Replace(":", "__", StringComparison.Ordinal);
}
