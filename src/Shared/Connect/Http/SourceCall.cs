using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>One request made ready: the real address with its secrets, and the name it goes by in every text.</summary>
internal sealed class SourceCall
{
    public static readonly HttpRequestOptionsKey<SourceCall> Key = new("DataIngestion.SourceCall");

    public SourceCall(SourceDefinition source, SourceRequest request, SourceSecrets secrets)
    {
        Source = source.Source;
        Request = request;
        Connection = secrets.Connection;
        Secrets = secrets;
        Display = IsAbsolute(request.Path) ? request.Path : Join(Connection.BaseUrl, request.Name);

        if (!Uri.TryCreate(Secrets.Resolve(Connection.BaseUrl), UriKind.Absolute, out var origin) || origin.Scheme is not ("http" or "https"))
            throw Fail("address-refused", $"The base address '{Connection.BaseUrl}' of the source '{Source}' is not an http or https address.");
        if (origin.UserInfo.Length > 0)
            throw Fail("address-refused", $"The base address '{Connection.BaseUrl}' of the source '{Source}' holds credentials: put them into 'auth', as references.");
        BaseAddress = origin;

        var path = Secrets.ResolveEscaped(request.Path);
        var query = string.Join('&', request.Query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(Secrets.Resolve(q.Value))}"));
        var text = IsAbsolute(path) ? path : Join(origin.OriginalString, path);
        if (query.Length > 0)
            text += (text.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query;
        Address = Uri.TryCreate(text, UriKind.Absolute, out var address)
            ? address
            : throw Fail("address-refused", $"'{Display}' is not an address: check the request's 'path'.");
        if (!IsOurs(Address) || Address.UserInfo.Length > 0)
            throw Fail("link-refused", $"'{Display}' leads away from the base address '{Connection.BaseUrl}': expected the same scheme, host and port, or one of the connection's 'origins'.");
        IsAway = !Origin.IsSame(Address, BaseAddress);
        if (IsAway && Connection.Tls?.ClientCertificate is not null)
            throw Fail("link-refused", $"'{Display}' leads to the host '{Address.IdnHost}', which would be shown our client certificate: expected the base address.");
    }

    /// <summary>Whether it goes to one of the connection's other hosts: they get what the request itself says, and neither the connection's headers nor its credentials.</summary>
    public bool IsAway { get; }

    /// <summary>Whether the definition lets us ask there.</summary>
    public bool IsOurs(Uri address) =>
        Origin.IsSame(address, BaseAddress)
        || Connection.Origins.Any(h => Uri.TryCreate(Secrets.Resolve(h), UriKind.Absolute, out var host) && Origin.IsSame(address, host));

    /// <summary>Source id.</summary>
    public string Source { get; }

    /// <summary>What is asked, with references unresolved.</summary>
    public SourceRequest Request { get; }

    /// <summary>How the source is reached.</summary>
    public ConnectionDefinition Connection { get; }

    /// <summary>Resolves and masks.</summary>
    public SourceSecrets Secrets { get; }

    /// <summary>The address with references unresolved: what people see.</summary>
    public string Display { get; }

    /// <summary>The resolved base address; credentials are sent to this origin only.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The resolved address, without the API key.</summary>
    public Uri Address { get; }

    /// <summary>Called when the answer is disposed; for answers that outlive their attempt.</summary>
    public Action? Finished { get; set; }

    public static bool IsAbsolute(string path) =>
        path.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || path.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    static string Join(string start, string path) => path switch
    {
        "" => start,
        ['?', ..] => start + path,
        _ => $"{start.TrimEnd('/')}/{path.TrimStart('/')}",
    };

    static StepFailedException Fail(string code, string message) => new(new() { Code = code, Message = message });
}
