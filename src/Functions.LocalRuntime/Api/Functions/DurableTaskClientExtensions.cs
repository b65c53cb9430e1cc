using DataIngestion.LocalRuntime.Durable;
using DataIngestion.LocalRuntime.Hosting;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What HTTP starts answer with.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>
    /// The addresses that control an instance. An HTTP start answers 202 with the status address as location and this as the body;
    /// with the ASP.NET Core integration that is <c>new AcceptedResult(payload.StatusQueryGetUri, payload)</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The client did not come from a <c>[DurableClient]</c> parameter and there is no request to take the address from.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var bound = client as FunctionsDurableTaskClient;
        var address = request?.Url ?? bound?.BaseAddress
            ?? throw new InvalidOperationException("The address of the host is not known: use a client bound with [DurableClient], or pass the request.");
        var links = DurableStartResponse.Create(address, instanceId, bound?.Query);
        return new()
        {
            Id = links.Id,
            StatusQueryGetUri = links.StatusQueryGetUri,
            SendEventPostUri = links.SendEventPostUri,
            TerminatePostUri = links.TerminatePostUri,
            PurgeHistoryDeleteUri = links.PurgeHistoryDeleteUri,
            SuspendPostUri = links.SuspendPostUri,
            ResumePostUri = links.ResumePostUri,
        };
    }
}

/// <summary>The addresses that control an orchestration instance.</summary>
public class HttpManagementPayload
{
    /// <summary>The instance.</summary>
    public string? Id { get; internal set; }

    /// <summary>GET: its status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: an external event.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>POST: end it.</summary>
    public string? TerminatePostUri { get; internal set; }

    /// <summary>DELETE: remove its history.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>POST: hold it.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: let it go on.</summary>
    public string? ResumePostUri { get; internal set; }
}
