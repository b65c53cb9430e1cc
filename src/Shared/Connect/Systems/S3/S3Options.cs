using System.ComponentModel.DataAnnotations;

namespace DataIngestion.Connect;

/// <summary>Options of a connection to S3 or a store that speaks its protocol.</summary>
internal sealed record S3Options : IValidatableObject
{
    /// <summary>Address of the service, for stores other than Amazon's (MinIO, Ceph, R2); null takes Amazon's for the region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Region of the bucket; default <c>us-east-1</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether the bucket stands in the path rather than in the host's name; default true where there is an endpoint.</summary>
    public bool? PathStyle { get; init; }

    /// <summary>Whether we agree to pay for requests to a bucket whose owner does not; default false.</summary>
    public bool RequesterPays { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { Scheme: not ("http" or "https") })
            yield return new($"'{Endpoint}' is not an http or https address.", [nameof(Endpoint)]);
    }
}
