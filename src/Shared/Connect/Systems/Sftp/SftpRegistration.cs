using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers SFTP.</summary>
internal static class SftpRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>sftp</c> and log-in with keys.</summary>
        public IServiceCollection AddSftp() => services.AddSystem<SftpSystem>().AddSingleton<IAuthenticationKind, SshKeyAuthentication>();
    }
}
