using System.Net;
using DataIngestion.Storage.Access;

namespace DataIngestion.Observe;

/// <summary>Asks something of Azure and says of a refusal which role, network rule or name is wrong.</summary>
public abstract class AccessProbe : IHealthProbe
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual string? Service => null;

    /// <summary>What is asked for; null when the settings name none, so that there is nothing to ask.</summary>
    protected abstract AzureResource? Resource { get; }

    /// <summary>What a refusal means for the service. Default <see cref="HealthStatus.Fail"/>.</summary>
    protected virtual HealthStatus WhenRefused => HealthStatus.Fail;

    /// <summary>Asks.</summary>
    protected abstract Task<HealthAnswer> AskAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async Task<HealthAnswer> CheckAsync(CancellationToken cancellationToken)
    {
        if (Resource is not { } resource)
            return new(HealthStatus.Pass, "is not configured.");
        try
        {
            // The clients repeat what failed for longer than anybody waits for an answer about health; a name is told at once.
            if (!IPAddress.TryParse(resource.Host, out _))
                await Dns.GetHostAddressesAsync(resource.Host, cancellationToken);
            return await AskAsync(cancellationToken);
        }
        catch (Exception failure) when (AccessFault.Of(resource, failure) is { } fault)
        {
            return new(WhenRefused, fault.Message);
        }
    }
}
