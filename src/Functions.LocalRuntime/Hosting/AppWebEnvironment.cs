using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace DataIngestion.LocalRuntime.Hosting;

/// <summary>What executing results asks of a web application; an app has no files of its own to serve.</summary>
internal sealed class AppWebEnvironment(IHostEnvironment host) : IWebHostEnvironment
{
    public string WebRootPath { get; set; } = "";

    public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();

    public string ApplicationName { get; set; } = host.ApplicationName;

    public IFileProvider ContentRootFileProvider { get; set; } = host.ContentRootFileProvider;

    public string ContentRootPath { get; set; } = host.ContentRootPath;

    public string EnvironmentName { get; set; } = host.EnvironmentName;
}
