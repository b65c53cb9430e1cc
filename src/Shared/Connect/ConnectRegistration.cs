using System.Net;
using DataIngestion.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace DataIngestion.Connect;

/// <summary>Registers the way to sources.</summary>
public static class ConnectRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="Connector"/>, <see cref="ISourceHttp"/> and <see cref="ISourceConnections"/>. Secrets are read from <c>IConfiguration</c>.</summary>
        public IServiceCollection AddConnect()
        {
            services.AddHttpClient();
            services.AddMetrics();
            services.AddLogging();
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<ResolveHost>(Dns.GetHostAddressesAsync);
            services.AddSingleton<AddressGuard>();
            services.TryAddSingleton<SourceTransport>(static _ => static sockets => sockets);
            services.AddSingleton<IConfigureOptions<HttpClientFactoryOptions>, SourceClientOptions>();
            services.AddSingleton<ConnectMetrics>();
            services.AddAuthentication();
            services.AddSingleton<SourceHttp>();
            services.AddSingleton<ISourceHttp>(provider => provider.GetRequiredService<SourceHttp>());
            services.TryAddSingleton(Random.Shared);
            services.AddQuotas();
            services.AddSingleton<SourcePipelines>();
            services.AddSingleton<ISourceConnections>(provider => provider.GetRequiredService<SourcePipelines>());
            services.AddSingleton<Connector>();
            services.AddSingleton<TlsPolicies>();
            services.AddSigningAuthentication();
            services.AddSingleton<SiteHttp>();
            services.AddSingleton<SourceSystems>();
            services.AddSingleton<SystemChecks>();
            services.AddSingleton<ConfigurationCheck>(provider => provider.GetRequiredService<SystemChecks>().Find);
            services.AddMessageStreams();
            services.AddPooling();
            services.AddObjectStores();
            services.AddSingleton<ISourceAccess, SourceAccess>();
            services.AddFiles();
            services.AddRedis();
            services.AddDatabases();
            services.AddSftp();
            services.AddFtp();
            services.AddLocal();
            services.AddWebSocket();
            services.AddRabbitMq();
            services.AddMqtt();
            services.AddMongoDb();
            return services;
        }

        /// <summary>Adds a kind of system.</summary>
        public IServiceCollection AddSystem<TSystem>()
            where TSystem : class, ISourceSystem => services.AddSingleton<ISourceSystem, TSystem>();
    }
}
