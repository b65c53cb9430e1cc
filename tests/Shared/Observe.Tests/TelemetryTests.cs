using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Monitor.OpenTelemetry.Exporter;
using DataIngestion.Contracts;
using DataIngestion.Observe.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DataIngestion.Observe.Tests;

/// <summary>What the apps send: to whom, as whom, and what it says of the process.</summary>
public sealed class TelemetryTests
{
    const string Source = "DataIngestion.Telemetry.Tests";
    static readonly ActivitySource Spans = new(Source);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Application_Insights_gets_traces_metrics_and_logs_from_the_apps_identity()
    {
        await using var service = await Ingestion.StartAsync();
        using (var host = Build(service.Settings(), service.Configure))
        {
            await host.StartAsync(Cancel);
            Emit(host);
            await host.StopAsync(Cancel);
        }

        await service.UntilAsync(text => text.Contains("a remark for the log", StringComparison.Ordinal) && text.Contains("telemetry.tests.count", StringComparison.Ordinal) && text.Contains("a step of the test", StringComparison.Ordinal));
        Assert.All(service.Tokens, token => Assert.Equal("Bearer monitor-token", token));
        Assert.Contains("\"ai.cloud.role\":\"func-agents\"", service.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("noise of a library", service.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_gets_them_by_OTLP()
    {
        await using var service = await Ingestion.StartAsync(tls: false);
        using (var host = Build([new("OTEL_EXPORTER_OTLP_ENDPOINT", service.Address.ToString()), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")], _ => { }))
        {
            await host.StartAsync(Cancel);
            Emit(host);
            await host.StopAsync(Cancel);
        }

        await service.UntilAsync(_ => service.Paths.Distinct(StringComparer.Ordinal).Count() == 3);
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], service.Paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Contains("a step of the test", service.Text, StringComparison.Ordinal);
        Assert.Contains("a remark for the log", service.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_says_which_app_stamp_environment_and_instance_it_is_of()
    {
        var (spans, logs, metrics) = (new List<Activity>(), new List<LogRecord>(), new List<Metric>());
        using var host = Build([new("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), new("Ingestion:Environment", "prod"), new("Ingestion:Stamp", "blue"), new("WEBSITE_INSTANCE_ID", "i-1")], services =>
        {
            services.ConfigureOpenTelemetryTracerProvider(p => p.AddInMemoryExporter(spans));
            services.ConfigureOpenTelemetryMeterProvider(p => p.AddInMemoryExporter(metrics));
            services.ConfigureOpenTelemetryLoggerProvider(p => p.AddInMemoryExporter(logs));
        });
        var tracer = host.Services.GetRequiredService<TracerProvider>();

        Emit(host);

        var resource = OpenTelemetry.ProviderExtensions.GetResource(tracer).Attributes.ToDictionary(a => a.Key, a => a.Value);
        Assert.Equal(("agents", "i-1", "prod", "blue"), (resource["service.name"], resource["service.instance.id"], resource["deployment.environment.name"], resource["ingestion.stamp"]));
        Assert.Contains("service.version", resource.Keys);
        Assert.Contains(spans, s => s.DisplayName == "a step of the test");
        Assert.Contains(logs, l => l.FormattedMessage == "a remark for the log");
        Assert.DoesNotContain(logs, l => l.FormattedMessage?.Contains("noise", StringComparison.Ordinal) is true);
        host.Services.GetRequiredService<MeterProvider>().ForceFlush(); // nobody is at the other end, which does not matter here
        Assert.Contains(metrics, m => m.Name == "telemetry.tests.count");
    }

    [Fact]
    public void Without_a_place_to_send_to_nothing_is_added()
    {
        var services = new ServiceCollection();

        services.AddTelemetry("agents", new ConfigurationBuilder().Build(), out var sends);

        Assert.False(sends);
        Assert.Empty(services);
    }

    [Theory]
    [InlineData(200, HealthStatus.Pass, null)]
    [InlineData(403, HealthStatus.Warn, "'Monitoring Metrics Publisher'")]
    [InlineData(401, HealthStatus.Warn, "client id '1111'")]
    public async Task Application_Insights_that_refuses_is_a_concern_and_no_failure(int status, HealthStatus expected, string? said)
    {
        await using var service = await Ingestion.StartAsync();
        service.Status = status;
        var settings = new TelemetrySettings(new ConfigurationBuilder().AddInMemoryCollection(service.Settings()).Build());

        var answer = await new TelemetryProbe(settings, new(service.Transport, new Identity())).CheckAsync(Cancel);

        Assert.Equal(expected, answer.Status);
        Assert.Contains(said ?? "", answer.Detail ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("monitor-token", answer.Detail ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_span_continues_the_trace_that_a_message_names()
    {
        using var listener = new ActivityListener { ShouldListenTo = s => s.Name == Source, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        using (var around = Spans.StartActivity("an invocation"))
        {
            using var span = RunTrace.Begin(Spans, "a command", Parent);

            Assert.Equal("0af7651916cd43dd8448eb211c80319c", span!.TraceId.ToHexString());
            Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToHexString());
            Assert.Equal(around!.TraceId, Assert.Single(span.Links).Context.TraceId);
            Assert.Equal(span.Id, RunTrace.Current);
            Assert.Equal(span.Id, RunTrace.Within(Parent));
        }

        using var alone = RunTrace.Begin(Spans, "a command", "nonsense");
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", alone!.TraceId.ToHexString());
        Assert.Equal(Parent, RunTrace.Within(Parent)); // what goes on here is of another trace
    }

    static void Emit(IHost host)
    {
        using (Spans.StartActivity("a step of the test"))
        {
#pragma warning disable CA1848, CA1873 // a test's remark
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("DataIngestion.Tests").LogInformation("a remark for the log");
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Azure.Core").LogInformation("noise of a library");
#pragma warning restore CA1848, CA1873
        }

        host.Services.GetRequiredService<IMeterFactory>().Create("DataIngestion.Telemetry.Tests").CreateCounter<int>("telemetry.tests.count").Add(1);
    }

    static IHost Build(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddMetrics();
        builder.Services.AddTelemetry("agents", builder.Configuration, out var sends);
        Assert.True(sends);
        configure(builder.Services);
        var host = builder.Build();
        _ = (host.Services.GetService<TracerProvider>(), host.Services.GetService<MeterProvider>());
        return host;
    }

    sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("monitor-token", DateTimeOffset.UtcNow.AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    /// <summary>Takes what is sent to it.</summary>
    sealed class Ingestion : IAsyncDisposable
    {
        readonly WebApplication _app;
        readonly X509Certificate2 _certificate;
        readonly ConcurrentQueue<(string Path, string Token, string Text)> _received = [];

        Ingestion(WebApplication app, X509Certificate2 certificate)
        {
            (_app, _certificate) = (app, certificate);
#pragma warning disable MA0039 // exactly the certificate that this server has just made for itself
            Transport = new HttpClientTransport(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == certificate.Thumbprint });
#pragma warning restore MA0039
        }

        public HttpClientTransport Transport { get; }

        public int Status { get; set; } = 200;

        public Uri Address { get; private set; } = null!;

        public string Text => string.Concat(_received.Select(r => r.Text));

        public IEnumerable<string> Paths => _received.Select(r => r.Path);

        public IEnumerable<string> Tokens => _received.Where(r => r.Path.Contains("track", StringComparison.Ordinal)).Select(r => r.Token);

        public static async Task<Ingestion> StartAsync(bool tls = true)
        {
            using var key = RSA.Create(2048);
            using var made = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
            var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (tls)
                    listen.UseHttps(certificate);
            }));
            var service = new Ingestion(builder.Build(), certificate);
            service._app.Run(service.TakeAsync);
            await service._app.StartAsync(Cancel);
            service.Address = new($"{(tls ? "https" : "http")}://127.0.0.1:{new Uri(service._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}/");
            return service;
        }

        public KeyValuePair<string, string?>[] Settings() =>
        [
            new("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint={Address}"),
            new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=AAD;ClientId=1111"),
            new("WEBSITE_SITE_NAME", "func-agents"),
            new("Ingestion:TraceRatio", "1"),
        ];

        public void Configure(IServiceCollection services) => services.ConfigureAll<AzureMonitorExporterOptions>(monitor =>
        {
            (monitor.Transport, monitor.Credential, monitor.DisableOfflineStorage) = (Transport, new Identity(), true);
            monitor.EnableLiveMetrics = false;
        });

        /// <summary>Waits until what has come is enough.</summary>
        public async Task UntilAsync(Func<string, bool> enough)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            limit.CancelAfter(TimeSpan.FromMinutes(2));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
            while (!enough(Text))
                await timer.WaitForNextTickAsync(limit.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await _app.DisposeAsync();
            Transport.Dispose();
            _certificate.Dispose();
        }

        async Task TakeAsync(HttpContext context)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            body.Position = 0;
            using var plain = new MemoryStream();
            if (context.Request.Headers.ContentEncoding == "gzip")
            {
                await using var unzip = new GZipStream(body, CompressionMode.Decompress);
                await unzip.CopyToAsync(plain);
            }
            else
            {
                await body.CopyToAsync(plain);
            }

            var text = Encoding.UTF8.GetString(plain.ToArray());
            _received.Enqueue((context.Request.Path, context.Request.Headers.Authorization.ToString(), text));
            context.Response.StatusCode = Status;
            var items = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            if (context.Request.Path.Value!.Contains("track", StringComparison.Ordinal))
                await context.Response.WriteAsync($$"""{"itemsReceived":{{items}},"itemsAccepted":{{items}},"errors":[]}""");
        }
    }
}
