using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>Where the host's storage is: configured, or an emulator that the host starts.</summary>
internal static class StorageEmulator
{
    const int FirstPort = 10000;

    /// <summary>The configured connection string; null if there is none and an emulator is needed.</summary>
    public static string? Configured(LocalHostOptions options)
    {
        if (options.StorageConnectionString is { Length: > 0 } given)
            return given;
        if (options.Settings.TryGetValue(SettingResolver.DefaultConnection, out var setting) && setting is { Length: > 0 })
            return setting;
        return new ConfigurationBuilder().AddEnvironmentVariables().Build()[SettingResolver.DefaultConnection] is { Length: > 0 } value ? value : null;
    }

    /// <summary>Starts Azurite, on its usual ports if they are free, where tools expect it.</summary>
    public static Task<AzuriteProcess> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(l => l.Port).ToHashSet();
        var usual = Enumerable.Range(FirstPort, 3).All(port => !taken.Contains(port));
        var data = Path.Combine(folder, "azurite");
        return AzuriteProcess.StartAsync(usual ? new(data, FirstPort, FirstPort + 1, FirstPort + 2) : new(data), cancellationToken);
    }
}
