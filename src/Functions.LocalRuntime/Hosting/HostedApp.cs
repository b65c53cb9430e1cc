using System.Text;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>An app whose container has been built.</summary>
internal sealed class HostedApp(LocalApp app, IServiceProvider services, HostJson hostJson, IHost? owned)
{
    public string Name => app.Name;

    public LocalApp App => app;

    public IServiceProvider Services => services;

    public HostJson HostJson => hostJson;

    /// <summary>The app's generic host where the runtime made it; null where the app's own <c>Run()</c> owns it.</summary>
    public IHost? Owned => owned;

    public SettingResolver Settings { get; } = new(services.GetRequiredService<IConfiguration>());

    public ObjectSerializer Serializer { get; } = services.GetRequiredService<IOptions<WorkerOptions>>().Value.Serializer!;

    public IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } =
        services.GetRequiredService<MiddlewareList>().Layers;

    /// <summary>The app's name as it is used in names of blobs and queues: lower-case letters, digits and single hyphens, at most 32.</summary>
    public string HostId { get; } = StorageName(app.Name);

    static string StorageName(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
                text.Append(letter);
            else if (text.Length > 0 && text[^1] != '-')
                text.Append('-');
        }

        return text.ToString().Trim('-') is { Length: > 0 } id ? id[..Math.Min(32, id.Length)].Trim('-') : "app";
    }
}
