using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers the ways of authentication that sign.</summary>
internal static class SigningRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>aws</c>, <c>hmac</c> and <c>saml</c>, and <see cref="IAwsCredentials"/> for systems that sign themselves.</summary>
        public IServiceCollection AddSigningAuthentication()
        {
            services.AddSingleton<SourceClocks>();
            services.AddSingleton<Sts>();
            services.AddSingleton<IAwsCredentials, AwsCredentialSource>();
            services.AddSingleton<IAuthenticationKind, AwsAuthentication>();
            services.AddSingleton<SamlAssertions>();
            services.AddSingleton<ISamlAssertions>(provider => provider.GetRequiredService<SamlAssertions>());
            services.AddSingleton<IAuthenticationKind, SamlAuthentication>();
            services.AddSingleton<Nonces>();
            services.AddSingleton<IAuthenticationKind, HmacAuthentication>();
            return services;
        }
    }
}
