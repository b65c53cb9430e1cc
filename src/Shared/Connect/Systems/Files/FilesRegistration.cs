using DataIngestion.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect;

/// <summary>Registers what systems of files have in common.</summary>
internal static class FilesRegistration
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds <see cref="FileChunkStore"/>, on storage where that is registered.</summary>
        public IServiceCollection AddFiles() => services.AddSingleton(provider => new FileChunkStore(provider.GetService<BlobStore>()));
    }
}
