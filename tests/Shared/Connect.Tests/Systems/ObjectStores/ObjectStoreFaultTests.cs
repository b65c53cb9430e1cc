using System.Net;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;

namespace DataIngestion.Connect.Tests.Systems.ObjectStores;

/// <summary>What object stores and the way to them do wrong: what is tried again, what is landed, what is said.</summary>
[Trait("Category", "server")]
public sealed class ObjectStoreFaultTests(SharedServers servers, AzuriteFixture azurite)
{
    public static TheoryData<string> Stores => Store.All;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_connection_that_is_reset_mid_body_goes_on_where_it_broke(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        var content = Random.Shared.GetItems((byte[])[.. "abcdefgh\n"u8], 3 << 20);
        await store.PutAsync("in/big.csv", content);
        await using var proxy = FaultProxy.Start(PortOf(store));
        await using var harness = new ReaderHarness(store.Source(port: proxy.Port), settings: store.Settings);
        await harness.ProbeAsync();
        proxy.ResetAll();
        _ = proxy.Reset(Flow.FromServer, after: 1 << 20, times: 2);

        await harness.RunAsync();

        Assert.Equal(content, harness.Bytes);
        Assert.Single(harness.Landed);
        Assert.True(proxy.Connections >= 3);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_store_that_says_nothing_more_is_left_after_the_time_for_an_attempt(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        var content = Random.Shared.GetItems((byte[])[.. "abcdefgh\n"u8], 2 << 20);
        await store.PutAsync("in/big.csv", content);
        await using var proxy = FaultProxy.Start(PortOf(store));
        var source = store.Source(port: proxy.Port);
        source = source with { Connection = source.Connection! with { Limits = Sources.Quick with { AttemptTimeout = TimeSpan.FromSeconds(2) } } };
        await using var harness = new ReaderHarness(source, settings: store.Settings);
        _ = proxy.Stall(Flow.FromServer, after: 1 << 20, times: 1);

        await harness.RunAsync();

        Assert.Equal(content, harness.Bytes);
        Assert.Single(harness.Landed);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_store_that_refuses_connections_is_a_transient_failure(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await using var harness = new ReaderHarness(OneAttempt(store.Source(port: TestServer.FreePort())), settings: store.Settings);

        var failure = await harness.FailureAsync();

        Assert.Equal(("source-unavailable", true), (failure.Code, failure.IsTransient));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_private_address_is_refused_unless_it_is_allowed(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        var source = store.Source();
        await using var harness = new ReaderHarness(source with { Connection = source.Connection! with { AllowPrivateNetwork = false } }, settings: store.Settings);

        var failure = await harness.FailureAsync();

        Assert.Equal(("address-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("allowPrivateNetwork", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("s3", "not-found"), InlineData("azure-blob", "forbidden")] // a signature for one container says nothing of others
    public async Task A_bucket_that_is_not_there_is_named(string system, string code)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await using var harness = new ReaderHarness(OneAttempt(store.Source(bucket: "no-such-bucket")), settings: store.Settings);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.Contains("'no-such-bucket'", failure.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("s3", "unauthorized"), InlineData("azure-blob", "forbidden")] // the emulator says AuthorizationFailure where Azure says AuthenticationFailed
    public async Task Wrong_credentials_are_not_tried_again_and_not_shown(string system, string code)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        var wrong = store.Settings.Select(s => (s.Name, s.Value.Replace("test-secret-key", "not-the-secret", StringComparison.Ordinal).Replace("&sig=", "&sig=AAAA", StringComparison.Ordinal))).ToArray();
        await using var harness = new ReaderHarness(store.Source(), settings: wrong);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, false), (failure.Code, failure.IsTransient));
        Assert.DoesNotContain("not-the-secret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_object_that_is_replaced_between_listing_and_reading_is_read_as_it_is_then(string system)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await store.PutAsync("in/a.csv", "old");
        var replaced = false;
        await using var harness = new ReaderHarness(store.Source(), settings: store.Settings)
        {
            Destination = destination =>
            {
                if (!replaced)
                    store.PutAsync("in/a.csv", "new, and longer").GetAwaiter().GetResult(); // listed, and about to be read
                replaced = true;
                return destination;
            },
        };

        await harness.RunAsync();
        await harness.RunAsync();

        Assert.Contains("new, and longer", harness.Landed.Select(p => p.Text));
        Assert.DoesNotContain(harness.Landed, p => p.Text is not ("old" or "new, and longer"));
    }

    // What a store cures by itself is tried again; what only people can cure is not.
    [Theory]
    [InlineData("s3", 503, "<Error><Code>SlowDown</Code><Message>less</Message></Error>", "rate-limited", true)]
    [InlineData("s3", 500, "<Error><Code>InternalError</Code><Message>oops</Message></Error>", "source-unavailable", true)]
    [InlineData("s3", 403, "<Error><Code>RequestTimeTooSkewed</Code><Message>late</Message></Error>", "clock-skew", true)]
    [InlineData("gcs", 429, "{}", "rate-limited", true)]
    [InlineData("gcs", 503, "{}", "source-unavailable", true)]
    [InlineData("gcs", 200, "no json", "protocol-error", true)]
    [InlineData("azure-blob", 503, "<Error><Code>ServerBusy</Code></Error>", "rate-limited", true)]
    [InlineData("azure-blob", 500, "", "source-unavailable", true)]
    [InlineData("s3", 403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>", "forbidden", false)]
    [InlineData("s3", 401, "<Error><Code>ExpiredToken</Code><Message>old</Message></Error>", "unauthorized", false)]
    [InlineData("s3", 301, "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>", "configuration-invalid", false)]
    [InlineData("gcs", 401, "{}", "unauthorized", false)]
    [InlineData("gcs", 403, "{}", "forbidden", false)]
    [InlineData("gcs", 404, "{}", "not-found", false)]
    [InlineData("gcs", 302, "", "request-refused", false)]
    [InlineData("azure-blob", 403, "<Error><Code>AuthorizationFailure</Code></Error>", "forbidden", false)]
    [InlineData("azure-blob", 404, "<Error><Code>ContainerNotFound</Code></Error>", "not-found", false)]
    public async Task An_answer_says_whether_another_attempt_may_help(string system, int status, string body, string code, bool isTransient)
    {
        var store = await Store.OpenAsync(system, servers, azurite);
        await using var faulty = await LoopbackServer.StartAsync((context, _) => FaultAsync(context, status, body));
        await using var harness = new ReaderHarness(OneAttempt(store.Source(port: faulty.Address.Port)), settings: store.Settings);

        var failure = await harness.FailureAsync();

        Assert.Equal((code, isTransient), (failure.Code, failure.IsTransient));
    }

    static Task FaultAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        if (status is 301 or 302)
            context.Response.Headers.Location = "http://169.254.169.254/latest/meta-data";
        if (body.StartsWith('<'))
        {
            context.Response.ContentType = "application/xml";
            context.Response.Headers["x-ms-error-code"] = body.Split("Code>")[1].Split("</")[0];
        }

        return context.Response.WriteAsync(body);
    }

    static SourceDefinition OneAttempt(SourceDefinition source) =>
        source with { Connection = source.Connection! with { Limits = Sources.Quick with { Attempts = 1 } } };

    static int PortOf(Store store) => new Uri(store.Source().Connection!.Options.GetValueOrDefault("endpoint") ?? store.Source().Connection!.BaseUrl).Port;
}
