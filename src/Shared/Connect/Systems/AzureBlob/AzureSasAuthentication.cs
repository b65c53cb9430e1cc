using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary>A shared access signature of Azure Storage.</summary>
internal sealed record AzureSasOptions
{
    /// <summary>Reference to the signature: the query that begins <c>sv=</c>, with or without a question mark.</summary>
    [Secret]
    public required string Value { get; init; }
}

/// <summary><c>azure-sas</c>: the signature in the query of every request.</summary>
internal sealed class AzureSasAuthentication : IAuthenticationKind
{
    public string Name => "azure-sas";

    public Type Options => typeof(AzureSasOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken)
    {
        var signature = context.Secrets.Resolve(context.Options<AzureSasOptions>().Value).TrimStart('?');
        var address = request.RequestUri!;
        request.RequestUri = new($"{address.GetLeftPart(UriPartial.Path)}?{string.Join('&', ((string[])[address.Query.TrimStart('?'), signature]).Where(q => q.Length > 0))}");
        return ValueTask.CompletedTask;
    }
}
