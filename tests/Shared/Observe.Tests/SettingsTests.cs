using System.Text.RegularExpressions;
using DataIngestion.Observe.Settings;
using DataIngestion.TestKit;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.Observe.Tests;

public sealed partial class SettingsTests
{
    // Read by systems or tools, and not set for the apps.
    static readonly string[] Others = ["LocalRuntime:DataDirectory", "LocalRuntime:HttpPort", "LocalRuntime:StorageConnections"];

    [Fact]
    public void The_settings_of_a_deployed_app_are_good() => PlatformSettings.Check(Settings(Deployed), Apps.Both);

    [Fact]
    public void The_settings_of_one_machine_are_good() => PlatformSettings.Check(Settings(new() { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["SchedulerInterval"] = "*/10 * * * * *" }), Apps.Both);

    [Theory]
    [InlineData("Ingestion__ScheduleShare", "90-10", "expected from-to in percent")]
    [InlineData("Ingestion__Stamp", "Blue!", "'Ingestion__Stamp' is 'Blue!'")]
    [InlineData("Ingestion__TraceRatio", "7", "expected a number from 0 to 1")]
    [InlineData("Ingestion__EncryptionKey", "https://v.vault.azure.net/keys/k/0123", "without a version")]
    [InlineData("Ingestion__SecretLifetime", "soon", "expected a time")]
    [InlineData("KeyVault__uri", "http://v", "begins with https://")]
    [InlineData("DataStorage__credential", "password", "'managedidentity'")]
    [InlineData("DataStorage__clientId", "me", "a GUID")]
    [InlineData("AzureWebJobsStorage__accountName", "Not_A_Name", "3 to 24 lower-case")]
    [InlineData("AzureWebJobsStorage", "UseDevelopmentStorage=true", "the connection string would win")]
    [InlineData("AzureWebJobsStorage__accountName", "", "nothing says for what")]
    [InlineData("DataStorage__managedIdentityResourceId", "/subscriptions/s", "expected one of them")]
    [InlineData("EventHubs__fullyQualifiedNamespace", "", "nothing says for what")]
    [InlineData("AzureWebJobs.FileDropped.Disabled", "yes", "true or false")]
    [InlineData("SchedulerInterval", "", "'SchedulerInterval' is missing")]
    [InlineData("SchedulerInterval", "often", "six fields")]
    [InlineData("DURABLE_TASK_SCHEDULER_CONNECTION_STRING", "", "is missing")]
    [InlineData("AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName", "", "with the type 'azureManaged'")]
    [InlineData("AzureFunctionsJobHost__extensions__durableTask__storageProvider__type", "AzureStorage", "names a scheduler")]
    [InlineData("AzureFunctionsJobHost__extensions__durableTask__hubName", "my-hub", "letters and digits")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "", "nothing says where to")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "secret-looking", "expected InstrumentationKey")]
    public void A_setting_that_is_wrong_is_named_with_what_was_expected(string name, string value, string expected)
    {
        var fault = Assert.Throws<SettingsException>(() => PlatformSettings.Check(Settings(new(Deployed) { [name] = value }), Apps.Both));

        Assert.Contains(fault.Faults, f => f.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain("secret-looking", fault.Message, StringComparison.Ordinal);
        Assert.Contains("docs/settings.md", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var settings = Settings(new() { ["Ingestion__Stamp"] = "!", ["Ingestion__TraceRatio"] = "x", ["KeyVault__uri"] = "x" });

        Assert.Equal(5, Assert.Throws<SettingsException>(() => PlatformSettings.Check(settings, Apps.Agents)).Faults.Count);
        Assert.Equal(3, Assert.Throws<SettingsException>(() => PlatformSettings.Check(settings, Apps.Orchestrators)).Faults.Count);
    }

    [Fact]
    public void The_page_lists_every_setting()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "settings.md")).ReplaceLineEndings("\n");

        Assert.Contains(SettingsPage.Table(), page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_code_reads_no_setting_that_is_not_listed()
    {
        var listed = SettingCatalogue.All.Select(s => s.Key).Concat(Others).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var read = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/Cli/", StringComparison.Ordinal)))
        {
            foreach (Match match in Read().Matches(File.ReadAllText(file)))
                read.Add(match.Groups["name"].Value);
        }

        Assert.True(read.Count > 15, "The settings that the code reads were not found, so this test would prove nothing.");
        Assert.DoesNotContain(read, name => !listed.Contains(name) && !SettingCatalogue.All.Any(s => s.Key.StartsWith(name + ":", StringComparison.Ordinal)));
    }

    static Dictionary<string, string?> Deployed => new()
    {
        ["AzureWebJobsStorage__accountName"] = "sthostblue",
        ["AzureWebJobsStorage__clientId"] = Client,
        ["AzureWebJobsStorage__credential"] = "managedidentity",
        ["DataStorage__accountName"] = "stdata",
        ["DataStorage__clientId"] = Client,
        ["DataStorage__credential"] = "managedidentity",
        ["AZURE_CLIENT_ID"] = Client,
        ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = $"InstrumentationKey={Client};IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/;LiveEndpoint=https://westeurope.livediagnostics.monitor.azure.com/",
        ["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = $"Authorization=AAD;ClientId={Client}",
        ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = "blue",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"] = "azureManaged",
        ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName"] = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        ["DURABLE_TASK_SCHEDULER_CONNECTION_STRING"] = $"Endpoint=https://dts.westeurope.durabletask.io;Authentication=ManagedIdentity;ClientID={Client}",
        ["Ingestion__Environment"] = "prod",
        ["Ingestion__Stamp"] = "blue",
        ["EventHubs__fullyQualifiedNamespace"] = "evhns.servicebus.windows.net",
        ["EventHubs__clientId"] = Client,
        ["EventHubs__credential"] = "managedidentity",
        ["KeyVault__uri"] = "https://kv.vault.azure.net/",
        ["Ingestion__EncryptionKey"] = "https://kv.vault.azure.net/keys/client-encryption",
        ["SchedulerInterval"] = "*/10 * * * * *",
        ["Ingestion__ScheduleShare"] = "0-10",
        ["AzureWebJobs.FileDropped.Disabled"] = "true",
    };

    const string Client = "6f2d0c3e-54f0-4d39-9c0c-0b8b0d1c7a10";

    static IConfiguration Settings(Dictionary<string, string?> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), s.Value))).Build();

    // Indexers of configurations, sections, constants that name a setting, and %Name% in attributes.
    [GeneratedRegex("""(?:[sS]ettings|configuration|Configuration)\??\["(?<name>[A-Z][A-Za-z:_]+)"\]|GetSection\("(?<name>[A-Z][A-Za-z:_]+)"\)|const string (?:Setting|\w*Name|Scheduler|ProcessClientId) = "(?<name>(?:Ingestion:|AZURE_CLIENT|APPLICATIONINSIGHTS_|OTEL_|DURABLE_)[A-Za-z:_]+)"|\[TimerTrigger\("%(?<name>[A-Za-z:_]+)%"\)\]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Read();
}
