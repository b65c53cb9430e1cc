using System.Net;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed class AddressTests
{
    [Theory]
    [InlineData("127.0.0.1"), InlineData("127.9.9.9"), InlineData("0.0.0.0"), InlineData("10.1.2.3"), InlineData("172.16.0.1"), InlineData("172.31.255.255")]
    [InlineData("192.168.1.1"), InlineData("169.254.169.254"), InlineData("100.64.0.1"), InlineData("224.0.0.1"), InlineData("255.255.255.255")]
    [InlineData("::1"), InlineData("::"), InlineData("fe80::1"), InlineData("fd00::1"), InlineData("ff02::1"), InlineData("::ffff:127.0.0.1"), InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1"), InlineData("2002:7f00:1::"), InlineData("::127.0.0.1"), InlineData("64:ff9b:1::a00:1"), InlineData("::ffff:0:10.0.0.1")]
    [InlineData("168.63.129.16"), InlineData("100.100.100.200"), InlineData("fd00:ec2::254"), InlineData("2001:0:1:2::3"), InlineData("fec0::1"), InlineData("3fff::1"), InlineData("5f00::1"), InlineData("4000::1")]
    public void Private_addresses_are_told_apart(string address) => Assert.False(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1"), InlineData("172.15.0.1"), InlineData("172.32.0.1"), InlineData("100.128.0.1"), InlineData("2606:4700::1111"), InlineData("::ffff:8.8.8.8"), InlineData("64:ff9b::808:808")]
    public void Public_addresses_pass(string address) => Assert.True(AddressGuard.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_private_host_is_refused_unless_allowed()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services();
        var http = services.GetRequiredService<ISourceHttp>();

        // An open connection of the source that may is no way in for one that may not.
        await http.GetTextAsync(Sources.At(server.Address));
        var failure = await Sources.FailureOfAsync(() => http.GetTextAsync(Sources.At(server.Address, allowPrivate: false)));

        Assert.Equal(("address-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains("allowPrivateNetwork", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task A_public_name_with_a_private_address_is_refused()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new($"http://vendor.example:{server.Address.Port}"), allowPrivate: false)));

        Assert.Equal("address-refused", failure.Code);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("ftp://vendor.example/"), InlineData("file:///etc/passwd"), InlineData("vendor.example")]
    public async Task Only_http_is_spoken(string address)
    {
        await using var services = Sources.Services(settings: ("ADDRESS", address));
        var source = Sources.At(new("http://x.example"));

        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<ISourceHttp>().GetTextAsync(source with { Connection = source.Connection! with { BaseUrl = "${ADDRESS}" } }));

        Assert.Equal(("address-refused", false), (failure.Code, failure.IsTransient));
    }

    [Fact]
    public async Task A_redirect_on_the_same_host_keeps_the_credentials()
    {
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            if (n == 1)
                context.Response.Redirect("/moved?x=1");
            return context.Response.WriteAsync("there");
        });
        await using var services = Sources.Services(settings: ("KEY", "abcdef"));
        var auth = new AuthenticationDefinition { Kind = "api-key", Options = new Dictionary<string, string> { ["query"] = "key", ["value"] = "${KEY}" } };

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: auth));

        Assert.Equal("there", answer.Value);
        Assert.Equal(("/moved", "?x=1&key=abcdef"), (server.Received.Last().Path, server.Received.Last().Query));
    }

    [Fact]
    public async Task A_redirect_to_another_host_goes_without_credentials()
    {
        await using var other = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("elsewhere"));
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect(new Uri(other.Address, "/next").ToString());
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(settings: ("KEY", "abcdef"));
        var source = Sources.At(server.Address, auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } });
        source = source with { Connection = source.Connection! with { Headers = new Dictionary<string, string> { ["X-Tenant"] = "${KEY}" } } };

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(source, new() { Path = "/data", Headers = new Dictionary<string, string> { ["X-Own"] = "1" } });

        Assert.Equal("elsewhere", answer.Value);
        var seen = Assert.Single(other.Received);
        Assert.DoesNotContain("Authorization", seen.Headers.Keys);
        Assert.DoesNotContain("X-Tenant", seen.Headers.Keys);
        Assert.DoesNotContain("abcdef", string.Join('\n', seen.Headers.Values), StringComparison.Ordinal);
        Assert.Equal("Bearer abcdef", server.Received.First().Headers["Authorization"]);
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_listed_host_is_asked_with_what_the_request_itself_says_and_no_more(bool hasOwnAuth)
    {
        await using var other = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("elsewhere"));
        await using var services = Sources.Services(settings: [("KEY", "abcdef"), ("OWN", "ghijkl")]);
        var source = Sources.At(new("http://vendor.example"), auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } });
        source = source with { Connection = source.Connection! with { Headers = new Dictionary<string, string> { ["X-Tenant"] = "${KEY}" }, Origins = [other.Address.GetLeftPart(UriPartial.Authority)] } };
        var request = new SourceRequest
        {
            Path = new Uri(other.Address, "/file").ToString(),
            Headers = new Dictionary<string, string> { ["X-Own"] = "1" },
            Auth = hasOwnAuth ? new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${OWN}" } } : null,
        };

        Assert.Equal("elsewhere", (await services.GetRequiredService<ISourceHttp>().GetTextAsync(source, request)).Value);

        var seen = Assert.Single(other.Received);
        Assert.Equal("1", seen.Headers["X-Own"]);
        Assert.Equal(hasOwnAuth ? "Bearer ghijkl" : null, seen.Headers.GetValueOrDefault("Authorization"));
        Assert.DoesNotContain("abcdef", string.Join('\n', seen.Headers.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_is_not_listed_is_not_asked()
    {
        await using var other = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("elsewhere"));
        await using var services = Sources.Services();
        var source = Sources.At(new("http://vendor.example"));
        source = source with { Connection = source.Connection! with { Origins = ["https://files.vendor.example"] } };

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(source, new() { Path = new Uri(other.Address, "/file").ToString() }));

        Assert.Equal("link-refused", failure.Code);
        Assert.Contains("'origins'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(other.Received);
    }

    [Theory]
    [InlineData("2130706433"), InlineData("0x7f000001"), InlineData("0177.0.0.1"), InlineData("0x7f.1"), InlineData("127.1"), InlineData("[::ffff:7f00:1]"), InlineData("LOCALHOST."), InlineData("１２７.0.0.1")]
    public async Task However_an_address_is_spelled_it_is_the_same(string host)
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services();
        var source = Sources.At(new("http://x.example"), allowPrivate: false);
        source = source with { Connection = source.Connection! with { BaseUrl = $"HTTP://{host}:{server.Address.Port}", Limits = Sources.Quick with { Attempts = 1 } } };

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(source));

        Assert.True(failure.Code is "address-refused" or "source-unavailable", failure.Code); // what the resolver does not take for an address is no host
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("169.254.169.254"), InlineData("fe80::1"), InlineData("168.63.129.16"), InlineData("::ffff:169.254.169.254"), InlineData("fd00:ec2::254")]
    public async Task What_a_cloud_tells_its_machines_is_no_source_even_where_private_networks_are(string address)
    {
        var guard = new AddressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        var failure = await Sources.FailureOfAsync(async () => await guard.ConnectAsync(new("metadata.example", 80), allowPrivate: true, TestContext.Current.CancellationToken));

        Assert.Equal("address-refused", failure.Code);
        Assert.Contains("'metadata.example'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_changes_its_address_is_connected_to_at_the_one_that_was_checked()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        var answers = 0;
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult<IPAddress[]>([++answers == 1 ? IPAddress.Parse("1.1.1.1") : IPAddress.Loopback]));
        using var stop = new CancellationTokenSource();

        var asking = services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new($"http://rebinding.example:{server.Address.Port}"), allowPrivate: false), stop: stop.Token);
        await stop.CancelAsync(); // nobody answers at the first one
        await Assert.ThrowsAnyAsync<Exception>(() => asking);
        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new($"http://rebinding.example:{server.Address.Port}"), Sources.Quick with { Attempts = 1 }, allowPrivate: false)));

        Assert.Equal("address-refused", failure.Code);
        Assert.Empty(server.Received);
    }

    [Theory]
    [InlineData("file:///etc/passwd", "redirects from http to file"), InlineData("gopher://127.0.0.1/x", "redirects from http to gopher"), InlineData("data:text/plain,x", "redirects from http to data")]
    [InlineData("FTP://vendor.example/x", "redirects from http to ftp"), InlineData("http://user:geheim@vendor.example/", "with credentials in the address")]
    [InlineData("http://[broken", "expected an answer at this address"), InlineData("", "expected an answer at this address"), InlineData(null, "expected an answer at this address")]
    public async Task A_redirect_that_leads_nowhere_good_is_not_followed(string? location, string said)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 302;
            if (location is not null)
                context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address)));

        Assert.Equal(("redirect-refused", false), (failure.Code, failure.IsTransient));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Received);
    }

    [Fact]
    public async Task A_redirect_into_the_private_network_is_refused()
    {
        await using var inside = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var outside = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect($"http://inside.example:{inside.Address.Port}/");
            return Task.CompletedTask;
        });
        // "Outside" has to be on this machine too; the guard takes this name's address for what it is, and a public one's for public.
        var guard = new AddressGuard((host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(host == "inside.example" ? "10.0.0.1" : "1.1.1.1")]));

        var failure = await Sources.FailureOfAsync(async () => await guard.ConnectSocketAsync(new("inside.example", 80), allowPrivate: false, TestContext.Current.CancellationToken));
        Assert.Equal("address-refused", failure.Code);

        await using var services = Sources.Services(resolve: (host, _) => Task.FromResult<IPAddress[]>([host == "inside.example" ? IPAddress.Parse("169.254.169.254") : IPAddress.Loopback]));
        failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new($"http://outside.example:{outside.Address.Port}"))));
        Assert.Equal(("address-refused", false), (failure.Code, failure.IsTransient));
        Assert.Empty(inside.Received);
    }

    [Fact]
    public async Task Who_was_led_away_comes_back_without_credentials()
    {
        LoopbackServer? away = null;
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            if (n == 1)
                context.Response.Redirect(new Uri(away!.Address, "/there").ToString());
            return Task.CompletedTask;
        });
        await using var other = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect(new Uri(server.Address, "/delete-everything").ToString());
            return Task.CompletedTask;
        });
        away = other;
        await using var services = Sources.Services(settings: ("KEY", "abcdef"));
        var source = Sources.At(server.Address, auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } });

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(source);

        Assert.Equal(["Bearer abcdef", null], server.Received.Select(r => r.Headers.GetValueOrDefault("Authorization")));
    }

    [Fact]
    public async Task A_name_of_other_letters_is_another_host()
    {
        await using var other = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Headers.Location = $"http://xn--vendr-nye.example:{other.Address.Port}/"; // with a Cyrillic o
            context.Response.StatusCode = 302;
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]), settings: ("KEY", "abcdef"));
        var source = Sources.At(new($"http://vendor.example:{server.Address.Port}"), auth: new() { Kind = "bearer", Options = new Dictionary<string, string> { ["value"] = "${KEY}" } });

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(source);

        Assert.False(Assert.Single(other.Received).Headers.ContainsKey("Authorization"));
        Assert.False(Origin.IsSame(new("https://vendor.example"), new("https://vend\u043er.example")));
        Assert.True(Origin.IsSame(new("https://b\u00fccher.example"), new("https://xn--bcher-kva.example")));
    }

    [Fact]
    public async Task Credentials_in_an_address_are_refused()
    {
        await using var services = Sources.Services(settings: ("ADDRESS", "http://user:geheim@vendor.example"));
        var source = Sources.At(new("http://x.example"));

        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<ISourceHttp>().GetTextAsync(source with { Connection = source.Connection! with { BaseUrl = "${ADDRESS}" } }));

        Assert.Equal("address-refused", failure.Code);
        Assert.DoesNotContain("geheim", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_first_address_refuses_is_reached_at_its_second()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("there"));
        await using var services = Sources.Services(resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));

        var answer = await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new($"http://vendor.example:{server.Address.Port}")));

        Assert.Equal(("there", 1), (answer.Value, answer.Requests));
    }

    [Fact]
    public async Task The_check_is_made_for_every_connection_whatever_led_to_it()
    {
        // The door that every new connection goes through, redirected ones too: cloud metadata is what redirects are abused for.
        var guard = new AddressGuard((host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(host)]));

        var failure = await Sources.FailureOfAsync(async () =>
            await guard.ConnectAsync(new("169.254.169.254", 80), allowPrivate: false, TestContext.Current.CancellationToken));

        Assert.Equal("address-refused", failure.Code);
        Assert.Contains("169.254.169.254", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_end()
    {
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        });
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address)));

        Assert.Equal(("redirect-refused", false), (failure.Code, failure.IsTransient));
        Assert.Equal(6, server.Received.Count);
    }

    [Fact]
    public async Task A_body_is_not_sent_on_to_another_host()
    {
        await using var other = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var server = await LoopbackServer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = new Uri(other.Address, "/next").ToString();
            return Task.CompletedTask;
        });
        await using var services = Sources.Services(settings: ("KEY", "abcdef"));

        var failure = await Sources.FailureOfAsync(() =>
            services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address), new() { Method = "POST", Path = "/query", Body = """{"key":"${KEY}"}""" }));

        Assert.Equal("redirect-refused", failure.Code);
        Assert.Equal("""{"key":"abcdef"}""", server.Received.Single().Body);
        Assert.Empty(other.Received);
    }
}
