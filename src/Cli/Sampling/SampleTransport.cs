using System.Net;

namespace DataIngestion.Cli.Sampling;

/// <summary>Sends what was meant for a provider to the simulator, saying whom it was meant for. Nothing leaves this machine.</summary>
internal sealed class SampleTransport : DelegatingHandler
{
    readonly Uri _simulator;

    /// <summary>In place of the handler that would connect to providers.</summary>
    public SampleTransport(Uri simulator, HttpMessageHandler replaced)
    {
        replaced.Dispose();
        _simulator = simulator;
        InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null };
    }

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var meant = request.RequestUri!;
        request.Headers.TryAddWithoutValidation(SampleSimulator.OriginHeader, meant.GetLeftPart(UriPartial.Authority));
        request.Headers.Host ??= meant.Authority;
        request.Version = HttpVersion.Version11;
        request.RequestUri = new UriBuilder(meant) { Scheme = _simulator.Scheme, Host = _simulator.Host, Port = _simulator.Port }.Uri;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            request.RequestUri = meant; // whoever asks where the answer came from is told the provider
        }
    }
}
