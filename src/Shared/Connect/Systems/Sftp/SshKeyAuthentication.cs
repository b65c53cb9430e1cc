using DataIngestion.Contracts;

namespace DataIngestion.Connect;

/// <summary><c>ssh-key</c>: a private key, for systems that are reached by SSH.</summary>
internal sealed class SshKeyAuthentication : IAuthenticationKind
{
    public const string KindName = "ssh-key";

    public string Name => KindName;

    public Type Options => typeof(SshKeyOptions);

    public ValueTask AuthenticateAsync(HttpRequestMessage request, AuthenticationContext context, CancellationToken cancellationToken) => throw new StepFailedException(new()
    {
        Code = "configuration-invalid",
        Message = $"The source '{context.Source}' is asked by HTTP, which knows no 'ssh-key'.",
    });
}
