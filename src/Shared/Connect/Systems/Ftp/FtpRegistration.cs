using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers FTP.</summary>
internal static class FtpRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the system <c>ftp</c>.</summary>
        public IServiceCollection AddFtp() => services.AddSystem<FtpSystem>();
    }
}
