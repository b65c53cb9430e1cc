namespace DataIngestion.Observe;

/// <summary>Renders this process's meters (<c>DataIngestion.*</c>) as Prometheus text.</summary>
public sealed class MetricsExporter
{
    /// <summary>Media type of what is written.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes all series with a constant label <c>service</c>.</summary>
    public Task WriteAsync(string service, Stream output, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
