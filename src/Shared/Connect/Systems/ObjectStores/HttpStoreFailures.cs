using System.Net.Sockets;
using System.Security.Authentication;
using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>What a broken connection to an object store means for a retry.</summary>
internal static class HttpStoreFailures
{
    /// <summary>The failure that an exception stands for.</summary>
    public static StepFailedException OfConnection(Exception fault, SourceSite site, string thing)
    {
        for (Exception? inner = fault; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case StepFailedException known:
                    return known; // the address guard speaks from inside the connection
                case AuthenticationException refused:
                    return site.Fail("certificate-refused", $"{thing}: the certificate is not trusted ({refused.Message})", isTransient: false, fault);
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return site.Fail("source-unavailable", $"{thing}: the host has no address", isTransient: true, fault);
                case SocketException socket:
                    return site.Fail("source-unavailable", $"{thing}: the connection failed ({socket.Message})", isTransient: true, fault);
            }
        }

        return fault is HttpRequestException or IOException or TimeoutException
            ? site.Fail("source-unavailable", $"{thing}: the connection failed ({fault.Message})", isTransient: true, fault)
            : site.Fail("source-error", $"{thing}: {fault.Message}", isTransient: false, fault);
    }
}
