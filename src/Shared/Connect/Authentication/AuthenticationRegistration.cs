using DataIngestion.Contracts;
using DataIngestion.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DataIngestion.Connect;

/// <summary>Registers the ways of authentication that have tokens, and what they share.</summary>
internal static class AuthenticationRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds secrets, templates, the cache of tokens, and the ways.</summary>
        public IServiceCollection AddAuthentication()
        {
            services.TryAddSingleton(provider => KeyVaultSecrets.With(provider.GetRequiredService<IConfiguration>()));
            services.AddSingleton<ISecretStore, FileSecrets>();
            services.AddSingleton<ISecretStore, KeyVaultSecrets>();
            services.AddSingleton<SecretReader>();
            services.AddSingleton(provider => new Authentications(provider.GetServices<IAuthenticationKind>(), provider.GetRequiredService<AuthenticationTemplates>));
            services.AddSingleton(provider => AuthenticationTemplates.Load(provider.GetService<PlatformConfiguration>()?.Folder, kinds: null));
            services.AddSingleton<ConfigurationCheck>(provider => provider.GetRequiredService<Authentications>().Check);

            // Where there is no storage, as in a tool, tokens stay in the process.
            services.AddEncryption();
            services.AddSingleton(provider => new TokenKeys(
                provider.GetRequiredService<SecretReader>(), provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<TimeProvider>(),
                provider.GetService<StorageClients>(), provider.GetRequiredService<KeyVaultEncryption>().Keys));
            services.AddSingleton<ITokenStore>(provider => provider.GetService<StorageClients>() is { } storage ? new BlobTokenStore(storage) : new MemoryTokenStore(provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<TokenCache>();
            services.AddSingleton<IssuerHttp>();
            services.AddSingleton<TokenEndpoint>();

            services.AddSingleton<IAuthenticationKind, NoAuthentication>();
            services.AddSingleton<IAuthenticationKind, ApiKeyAuthentication>();
            services.AddSingleton<IAuthenticationKind, BearerAuthentication>();
            services.AddSingleton<IAuthenticationKind, BasicAuthentication>();
            services.AddSingleton<IAuthenticationKind, JwtAuthentication>();
            services.AddSingleton<IAuthenticationKind, SessionAuthentication>();
            services.AddSingleton<IAuthenticationKind, GoogleServiceAccountAuthentication>();
            services.AddSingleton<IAuthenticationKind, AzureIdentityAuthentication>();
            services.AddSingleton<OAuth2Authentication>();
            services.AddSingleton<IAuthenticationKind>(provider => provider.GetRequiredService<OAuth2Authentication>());
            services.AddSingleton(provider => new Consents(
                provider.GetRequiredService<Authentications>(), provider.GetRequiredService<SecretReader>(), provider.GetRequiredService<OAuth2Authentication>(),
                provider.GetRequiredService<TokenEndpoint>(), provider.GetRequiredService<TokenCache>(), provider.GetRequiredService<TimeProvider>()));
            return services;
        }
    }
}
