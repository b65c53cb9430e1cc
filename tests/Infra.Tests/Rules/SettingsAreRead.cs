using DataIngestion.Infra.Tests.Bicep;
using DataIngestion.Infra.Tests.Tables;

namespace DataIngestion.Infra.Tests.Rules;

/// <summary>Each app has the settings that it reads, and no other.</summary>
internal sealed class SettingsAreRead : IRule
{
    public IEnumerable<string> Check(Deployment deployment)
    {
        foreach (var service in Code.Services)
        {
            var tagged = deployment.Apps.Where(a => a.AzdService == service).ToArray();
            if (tagged.Length != 1 || tagged[0].Service != service)
                yield return $"{tagged.Length} apps of {service} have the tag azd-service-name '{service}', by which azd finds where to deploy; it has to be the active stamp's alone.";
        }

        foreach (var app in deployment.Apps.Where(a => !Code.Services.Contains(a.Service)))
            yield return $"{app.Site} runs as '{app.Service}', whose settings nobody knows; call its identity id-…-agents or id-…-orchestrators.";

        foreach (var app in deployment.Apps)
        {
            var scheduler = app.Settings.GetValueOrDefault("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type") == "azureManaged";
            foreach (var setting in AppSettings.All.Where(s => s.Services.Contains(app.Service)))
            {
                if (!app.Settings.TryGetValue(setting.Name, out var value))
                {
                    if (setting.IsRequired && (scheduler || !setting.NeedsScheduler))
                        yield return $"{app.Site} has no setting {setting.Name}, which {setting.Reader} reads.";
                }
                else if (value.Length == 0)
                {
                    yield return $"{app.Site}: the setting {setting.Name} is empty; leave it out instead.";
                }
                else if (setting.Value is { } wanted && value != wanted)
                {
                    yield return $"{app.Site}: the setting {setting.Name} is '{value}' but has to be '{wanted}'.";
                }
                else if (setting.NeedsScheduler && !scheduler)
                {
                    yield return $"{app.Site}: the setting {setting.Name} is for the Durable Task Scheduler, which this deployment does not use.";
                }
            }

            foreach (var (name, _) in app.Settings)
            {
                if (AppSettings.All.FirstOrDefault(s => s.Name == name) is not { } known)
                    yield return $"{app.Site}: nobody reads the setting {name}; remove it, or add it to {nameof(AppSettings)} with its reader.";
                else if (!known.Services.Contains(app.Service))
                    yield return $"{app.Site}: the setting {name} is read by {string.Join(" and ", known.Services)} only; remove it here.";
            }
        }
    }
}
