using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DataIngestion.Contracts;
using DataIngestion.TestServers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Connect.Tests;

public sealed class HmacAuthenticationTests
{
    const string BinanceSecret = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
    const string KrakenSecret = "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

    [Fact]
    public async Task The_example_of_Binances_documentation_comes_out()
    {
        // The parameters of the example in their order; the template adds 'timestamp' and 'signature' itself.
        var auth = new AuthenticationDefinition { Template = "binance", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) };
        var request = await SentAsync(auth, Sources.FromUnix(1499827319559), BinanceSecret, new()
        {
            Method = "POST",
            Path = "/api/v3/order",
            Query = [new("symbol", "LTCBTC"), new("side", "BUY"), new("type", "LIMIT"), new("timeInForce", "GTC"), new("quantity", "1"), new("price", "0.1")],
        });

        Assert.Equal(
            "?symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559&signature=c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
            request.Query);
        Assert.Equal("the-api-key", request.Headers["X-MBX-APIKEY"]);
    }

    [Fact]
    public async Task The_example_of_Krakens_documentation_comes_out()
    {
        var templates = AuthenticationTemplates.Load(null, null);
        var whole = templates.Complete(new() { Template = "kraken", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) }, out _);

        // The example's nonce has milliseconds, ours microseconds.
        var options = whole.Options.ToDictionary(o => o.Key, o => o.Value.Replace("<nonce>", "<timestampMs>", StringComparison.Ordinal));
        var request = await SentAsync(new() { Kind = "hmac", Options = options }, Sources.FromUnix(1616492376594), KrakenSecret, new()
        {
            Method = "POST",
            Path = "/0/private/AddOrder",
            Body = "ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25",
            ContentType = "application/x-www-form-urlencoded",
        });

        Assert.Equal("nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy&volume=1.25", request.Body);
        Assert.Equal("4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0nmbRn6H8ndwLUQ==", request.Headers["API-Sign"]);
    }

    // Vendors without an example in their documentation: what it prescribes, written down a second time.
    [Theory]
    [InlineData("coinbase-exchange", "CB-ACCESS-SIGN", "1499827319GET/orders?a=1", true, true)]
    [InlineData("kucoin", "KC-API-SIGN", "1499827319559GET/orders?a=1", false, true)]
    [InlineData("okx", "OK-ACCESS-SIGN", "2017-07-12T02:41:59.559ZGET/orders?a=1", false, true)]
    [InlineData("bybit", "X-BAPI-SIGN", "1499827319559the-api-key5000a=1", false, false)]
    public async Task A_vendors_headers_are_as_it_prescribes(string template, string header, string signed, bool secretIsBase64, bool signatureIsBase64)
    {
        var secret = Convert.ToBase64String("a secret of 24 bytes ..."u8);
        var options = new List<(string, string)> { ("apiKey", "${ID}"), ("secret", "${SECRET}") };
        if (template is not "bybit")
            options.Add(("passphrase", "${PASSPHRASE}"));

        var request = await SentAsync(new() { Template = template, Options = Options([.. options]) }, Sources.FromUnix(1499827319559), secret, new() { Path = "/orders", Query = [new("a", "1")] });

        var key = secretIsBase64 ? Convert.FromBase64String(secret) : Encoding.UTF8.GetBytes(secret);
        string Expected(string text)
        {
            var digest = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
            return signatureIsBase64 ? Convert.ToBase64String(digest) : Convert.ToHexStringLower(digest);
        }

        Assert.Equal(Expected(signed), request.Headers[header]);
        if (template == "kucoin")
            Assert.Equal(Expected("the-passphrase"), request.Headers["KC-API-PASSPHRASE"]);
        if (template is "okx")
            Assert.Equal("the-passphrase", request.Headers["OK-ACCESS-PASSPHRASE"]);
    }

    [Fact]
    public async Task Deribit_and_Bitstamp_sign_what_they_send()
    {
        var deribit = await SentAsync(new() { Template = "deribit", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) }, Sources.FromUnix(1499827319559), "ABCD", new() { Path = "/api/v2/private/get?a=1" });
        var said = deribit.Headers["Authorization"].Split(["id=", ",ts=", ",nonce=", ",sig="], StringSplitOptions.None);
        Assert.Equal(("the-api-key", "1499827319559"), (said[1], said[2]));
        Assert.Equal(Hex("ABCD", $"{said[2]}\n{said[3]}\nGET\n/api/v2/private/get?a=1\n\n"), said[4]);

        var bitstamp = await SentAsync(new() { Template = "bitstamp", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) }, Sources.FromUnix(1499827319559), "ABCD", new()
        {
            Method = "POST",
            Path = "/api/v2/user_transactions/",
            Body = "offset=1",
            ContentType = "application/x-www-form-urlencoded",
        });
        Assert.Equal("BITSTAMP the-api-key", bitstamp.Headers["X-Auth"]);
        Assert.Equal(
            Hex("ABCD", $"BITSTAMP the-api-keyPOST127.0.0.1/api/v2/user_transactions/application/x-www-form-urlencoded{bitstamp.Headers["X-Auth-Nonce"]}1499827319559v2offset=1"),
            bitstamp.Headers["X-Auth-Signature"]);
    }

    [Fact]
    public async Task An_RSA_key_signs_too()
    {
        using var key = RSA.Create(2048);
        var auth = new AuthenticationDefinition { Template = "binance", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}"), ("algorithm", "rsa-sha256"), ("signatureForm", "base64")) };

        var request = await SentAsync(auth, Sources.FromUnix(1499827319559), key.ExportPkcs8PrivateKeyPem(), new() { Path = "/api/v3/account" });

        var (signed, signature) = (request.Query[1..request.Query.IndexOf("&signature=", StringComparison.Ordinal)], request.Query[(request.Query.IndexOf("&signature=", StringComparison.Ordinal) + 11)..]);
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(signed), Convert.FromBase64String(Uri.UnescapeDataString(signature)), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    [Fact]
    public async Task Nonces_grow_under_any_load_and_any_clock()
    {
        var time = new FakeTimeProvider(Sources.FromUnix(1499827319559)) { AutoAdvanceAmount = TimeSpan.Zero };
        var nonces = new Nonces(time);
        var first = nonces.Next();

        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 1000).Select(_ => nonces.Next()).ToList())));

        Assert.Equal(8000, many.SelectMany(m => m).Distinct().Count());
        Assert.All(many, m => Assert.Equal(m.Order(), m));
        Assert.Equal(1499827319559000, first);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1499827320559000, nonces.Next());
    }

    [Fact]
    public async Task A_clock_that_is_off_by_seconds_is_put_right_by_the_refusal()
    {
        var now = Sources.FromUnix(1499827319000);
        await using var server = await LoopbackServer.StartAsync((context, n) =>
        {
            context.Response.StatusCode = n == 1 ? 400 : 200;
            context.Response.Headers.Date = now.AddSeconds(-7).ToString("r", CultureInfo.InvariantCulture);
            return context.Response.WriteAsync("{\"code\":-1021,\"msg\":\"Timestamp for this request was 1000ms ahead of the server's time.\"}");
        });
        await using var services = Sources.Services(new FakeTimeProvider(now), settings: [("ID", "the-api-key"), ("SECRET", "the-secret")]);

        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: new() { Template = "binance", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) }));

        Assert.Equal(["1499827319000", "1499827312000"], server.Received.Select(r => r.Query.Split("timestamp=")[1].Split('&')[0]));
    }

    [Theory]
    [InlineData("sign", "<timestmap>", "<timestmap> is no part of a request")]
    [InlineData("prehash", "<body>", "belong together")]
    [InlineData("headers.X-Sign", "<apiKey>", "the signature goes nowhere")]
    [InlineData("headers.X-Pass", "<passphrase>", "'passphrase' is missing")]
    [InlineData("recvWindow", "10m", "recvWindow")]
    public void Recipes_that_cannot_work_are_found_at_start(string option, string value, string said)
    {
        var options = Options(("apiKey", "id"), ("secret", "${SECRET}"), ("sign", "<body>"), ("headers.X-Sign", "<signature>")).ToDictionary();
        options[option] = value;

        OptionsBinder.Bind(options, typeof(HmacOptions), out var faults);

        Assert.Contains(faults, f => f.Message.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_secret_in_the_wrong_form_is_refused_without_showing_it()
    {
        var failure = await Sources.FailureOfAsync(() => SentAsync(
            new() { Template = "kraken", Options = Options(("apiKey", "${ID}"), ("secret", "${SECRET}")) }, Sources.FromUnix(1), "not*base64", new() { Method = "POST", Path = "/" }));

        Assert.Equal("setting-invalid", failure.Code);
        Assert.DoesNotContain("not*base64", failure.Message, StringComparison.Ordinal);
    }

    static string Hex(string secret, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    static Dictionary<string, string> Options(params (string Name, string Value)[] options) => options.ToDictionary(o => o.Name, o => o.Value);

    static async Task<ReceivedRequest> SentAsync(AuthenticationDefinition auth, DateTimeOffset now, string secret, SourceRequest request)
    {
        await using var server = await LoopbackServer.StartAsync((context, _) => context.Response.WriteAsync("ok"));
        await using var services = Sources.Services(new FakeTimeProvider(now), settings: [("ID", "the-api-key"), ("SECRET", secret), ("PASSPHRASE", "the-passphrase")]);
        await services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(server.Address, auth: auth), request);
        return Assert.Single(server.Received);
    }
}
