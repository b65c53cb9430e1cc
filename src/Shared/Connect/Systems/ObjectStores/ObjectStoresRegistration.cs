using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers the object stores.</summary>
internal static class ObjectStoresRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <c>s3</c>, <c>azure-blob</c> and <c>gcs</c>.</summary>
        public IServiceCollection AddObjectStores() => services
            .AddSingleton<IAuthenticationKind, AzureSasAuthentication>()
            .AddSystem<S3System>()
            .AddSystem<AzureBlobSystem>()
            .AddSystem<GcsSystem>();
    }
}
