using System.Text.RegularExpressions;
using DataIngestion.Contracts;
using DataIngestion.TestKit;
using DataIngestion.TestServers;
using Microsoft.Extensions.DependencyInjection;

namespace DataIngestion.Connect.Tests;

public sealed partial class TemplateTests : IDisposable
{
    readonly TemporaryFolder _folder = new("templates");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_source_takes_what_it_does_not_say_from_its_template()
    {
        await using var server = await LoopbackServer.StartAsync((_, _) => Task.CompletedTask);
        await using var services = Sources.Services(settings: ("KEY", "the-key"));
        var http = services.GetRequiredService<ISourceHttp>();

        await http.GetTextAsync(Sources.At(server.Address, auth: From("api-key-header", ("value", "${KEY}"))));
        await http.GetTextAsync(Sources.At(server.Address, auth: From("api-key-header", ("value", "${KEY}"), ("header", "X-Other"))));
        await http.GetTextAsync(Sources.At(server.Address, auth: From("api-key-cookie", ("value", "${KEY}"), ("cookie", "sid"))));

        var (first, second, third) = (server.Received.ElementAt(0), server.Received.ElementAt(1), server.Received.ElementAt(2));
        Assert.Equal("the-key", first.Headers["X-API-Key"]);
        Assert.Equal("the-key", second.Headers["X-Other"]);
        Assert.False(second.Headers.ContainsKey("X-API-Key"));
        Assert.Equal("sid=the-key", third.Headers["Cookie"]);
    }

    [Fact]
    public async Task A_template_that_is_gone_is_named_when_it_is_used()
    {
        await using var services = Sources.Services();

        var failure = await Sources.FailureOfAsync(() => services.GetRequiredService<ISourceHttp>().GetTextAsync(Sources.At(new("http://127.0.0.1:1"), auth: From("api-key-heador"))));

        Assert.Equal("configuration-invalid", failure.Code);
        Assert.Contains("did you mean 'api-key-header'?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_templates_that_are_built_in_are_right()
    {
        using var services = Sources.Services();
        var templates = AuthenticationTemplates.Load(null, services.GetRequiredService<Authentications>());

        Assert.Superset(new HashSet<string> { "api-key", "azure-identity", "basic", "bearer", "google-service-account", "jwt", "oauth2", "session" }, templates.Names.Select(n => templates.Find(n)!.Kind).ToHashSet());
    }

    [Fact]
    public void A_folders_file_adds_templates_and_replaces_those_of_the_same_name()
    {
        var templates = Load("""
            templates:
              api-key-header:
                summary: Ours.
                kind: api-key
                header: "X-{product}-Key"
                parameters: {product: the product's name}
            """);

        var whole = templates.Complete(From("api-key-header", ("product", "Quotes"), ("value", "${KEY}")), out var faults);

        Assert.Empty(faults);
        Assert.Equal(("api-key", "X-Quotes-Key", "${KEY}", null), (whole.Kind, whole["header"], whole["value"], whole["product"]));
        Assert.NotNull(templates.Find("bearer-token"));
    }

    [Theory]
    [InlineData("kind: api-keys\n    header: X", ":4: there is no authentication 'api-keys': did you mean 'api-key'?")]
    [InlineData("kind: api-key\n    heador: X", ":5: unknown property 'heador': did you mean 'header'?")]
    [InlineData("kind: bearer\n    value: s3cr3t", ":5: 'value' is a secret: expected a reference such as ${VENDOR_KEY}, ${file:/run/secrets/vendor-key} or ${keyvault:vendor-key}, never the secret itself.")]
    [InlineData("kind: basic\n    user: ${vault:x}", ":5: '${vault:x}' is no reference: expected ${NAME}, ${file:/run/secrets/name}, ${keyvault:name} or ${keyvault:name/version}.")]
    [InlineData("kind: api-key\n    parameters:\n      product: x\n    header: X", ":6: no option uses the parameter 'product': write {product} where it belongs, or leave it out.")]
    [InlineData("kind: api-key\n    header: X-{prodct}\n    query: \"{product}\"\n    parameters: {product: x}", ":5: 'header' holds {prodct}, which is no parameter: did you mean 'product'?")]
    [InlineData("kind: api-key\n    query: \"{header}\"\n    parameters: {header: x}", ":6: the parameter 'header' has the name of an option of 'api-key': expected another name.")]
    public void What_is_wrong_in_the_file_is_named_with_its_line(string template, string expected)
    {
        var wrong = Assert.Throws<ConfigurationException>(() => Load($"templates:\n  mine:\n    summary: Ours.\n    {template}\n"));

        Assert.EndsWith(AuthenticationTemplates.FileName + expected, Assert.Single(wrong.Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{template: basic-logon}", "there is no template 'basic-logon': did you mean 'basic-login'?")]
    [InlineData("{template: bearer-token}", "'value' is missing. (Template 'bearer-token'.)")]
    [InlineData("{template: basic-login, user: me, value: s3cr3t}", "'value' is a secret: expected a reference such as ${VENDOR_KEY}, ${file:/run/secrets/vendor-key} or ${keyvault:vendor-key}, never the secret itself. (Template 'basic-login'.)")]
    [InlineData("{template: basic-login, user: me, value: \"${KEY}\", usr: x}", "unknown property 'usr': did you mean 'user'? (Template 'basic-login'.)")]
    [InlineData("{template: basic-login, kind: bearer, user: me, value: \"${KEY}\"}", "the template 'basic-login' is of the kind 'basic': leave 'kind' out.")]
    [InlineData("{kind: oauth2, grant: saml-bearer, tokenUrl: https://a.example, clientId: c, clientAuth: none, saml: {issuer: us, subject: s, key: written-out}}", "saml: 'key' is a secret: expected a reference such as")]
    [InlineData("{kind: oauth2, grant: client-credentials, tokenUrl: https://a.example, clientId: c}", "a client needs 'clientSecret' or 'privateKey'; 'clientAuth: none' says that it proves itself otherwise.")]
    [InlineData("{kind: oauth2, grant: client-credential, tokenUrl: https://a.example, clientId: c}", "'grant' is 'client-credential': expected one of client-credentials, refresh-token, authorization-code, device-code, jwt-bearer, saml-bearer (did you mean 'client-credentials'?).")]
    [InlineData("{kind: session, url: https://a.example, tokenPath: token}", "'token' is not a path: expected names and indexes such as $.data.token or $.sessions[0].id.")]
    [InlineData("{kind: bearer, value: \"${keyvault:a_b}\"}", "'${keyvault:a_b}' is no reference: expected ${NAME}, ${file:/run/secrets/name}, ${keyvault:name} or ${keyvault:name/version}.")]
    public void What_is_wrong_about_a_source_is_named_with_its_line(string auth, string expected)
    {
        using var services = Sources.Services();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sources"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "datasets"));
        File.WriteAllText(Path.Combine(_folder.Path, "sources", "vendor.yaml"), $"""
            source: vendor
            title: Vendor
            kind: api
            connection:
              baseUrl: https://api.example.com
              auth: {auth}
            datasets: []
            """);

        var wrong = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(_folder.Path, Path.Combine(_folder.Path, "datasets"), services.GetServices<ConfigurationCheck>()));

        Assert.Contains($"sources/vendor.yaml:6: {expected}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_examples_of_the_page_are_right_and_show_every_kind_that_has_tokens()
    {
        using var services = Sources.Services();
        var kinds = services.GetRequiredService<Authentications>();
        var page = File.ReadAllText(Path.Combine(Root, "src", "Shared", "Connect", "Authentication", "README.md"));
        var shown = new HashSet<string>(StringComparer.Ordinal);

        foreach (var example in Examples().Matches(page).Select(m => m.Groups["yaml"].Value))
        {
            var read = ConfigurationFile.Parse<AuthenticationDefinition>("example", example);
            Assert.Empty(read.Faults);
            OptionsBinder.Bind(read.Definition!.Options, kinds.Find(read.Definition.Kind!)!.Options, out var faults);
            Assert.True(faults.Count == 0, $"{example}\n{string.Join('\n', faults)}");
            shown.Add($"{read.Definition.Kind} {read.Definition["grant"]}".TrimEnd());
        }

        string[] expected =
        [
            "api-key", "azure-identity", "basic", "bearer", "google-service-account", "jwt", "oauth2 authorization-code", "oauth2 client-credentials", "oauth2 device-code", "oauth2 jwt-bearer",
            "oauth2 refresh-token", "oauth2 saml-bearer", "session",
        ];
        Assert.Superset(expected.ToHashSet(), shown);
    }

    [Fact]
    public void The_template_of_the_page_is_right()
    {
        var page = File.ReadAllText(Path.Combine(Root, "src", "Shared", "Connect", "Authentication", "README.md"));

        Assert.NotNull(Load(Templates().Match(page).Groups["yaml"].Value).Find("our-vendor"));
    }

    static string Root => Repository.Root;

    [GeneratedRegex("^```yaml auth\n(?<yaml>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Examples();

    [GeneratedRegex("^```yaml\n(?<yaml>templates:.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Templates();

    static AuthenticationDefinition From(string template, params (string Name, string Value)[] options) =>
        new() { Template = template, Options = options.ToDictionary(o => o.Name, o => o.Value) };

    AuthenticationTemplates Load(string yaml)
    {
        using var services = Sources.Services();
        File.WriteAllText(Path.Combine(_folder.Path, AuthenticationTemplates.FileName), yaml);
        return AuthenticationTemplates.Load(_folder.Path, services.GetRequiredService<Authentications>());
    }
}
