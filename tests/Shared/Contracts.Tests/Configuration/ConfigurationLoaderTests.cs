using System.Text;

namespace DataIngestion.Contracts.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    const string Alpha = "configs/sources/alpha.yaml";
    const string Beta = "configs/sources/beta.yaml";
    const string Every = "configs/sources/every.yaml";
    const string Bars = "configs/datasets/bars.yaml";
    const string Api = "workflows/api.yaml";

    [Fact]
    public void A_valid_configuration_is_read_into_its_records()
    {
        using var folder = new ConfigurationFolder();

        var configuration = folder.Load();

        var alpha = configuration.Sources["alpha"];
        Assert.Equal(SourceKind.Api, alpha.Kind);
        Assert.Equal(new Uri("https://example.org/docs"), alpha.Docs);
        Assert.Equal("api-key", alpha.Connection!.Auth!.Kind);
        Assert.Equal("application/json", alpha.Connection.Headers["Accept"]);
        Assert.Equal(2.5, alpha.Connection.Limits.RequestsPerSecond);
        Assert.Equal(TimeSpan.FromMilliseconds(500), alpha.Connection.Limits.AttemptTimeout);
        Assert.Equal(1048576, alpha.Connection.Limits.MaxResponseBytes);
        Assert.Equal(5, alpha.Connection.Limits.Attempts);
        Assert.Equal(["symbol", "day", "close", "currency"], alpha.Datasets[0].Columns.Keys);
        Assert.Equal("USD", alpha.Datasets[0].Columns["currency"].Constant);
        Assert.Equal("America/New_York", alpha.Schedule!.TimeZone);
        Assert.Equal(["alpha", "beta", "every"], configuration.Sources.Keys);

        var bars = configuration.Datasets["bars"];
        Assert.Equal(["symbol", "day", "close", "currency"], bars.Columns.Keys);
        Assert.Equal(0m, bars.Columns["close"].Minimum);
        Assert.Null(bars.Columns["close"].Maximum);

        Assert.Equal(TimeSpan.FromMinutes(10), configuration.WorkflowOf(alpha).Collect.Deadline);
        Assert.Equal(3, configuration.WorkflowOf(alpha).Collect.Retry.Attempts);
        Assert.True(configuration.WorkflowOf(alpha).Collect.Retry.UseCache);
        Assert.Equal(5, configuration.WorkflowOf(alpha).Merge.Retry.Attempts);
    }

    [Fact]
    public void TLS_is_a_policy()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Alpha, ConfigurationFolder.Valid[Alpha].Replace("  headers:", "  tls: { versions: ['1.3'], pins: [], revocation: online }\n  headers:", StringComparison.Ordinal));

        var connection = folder.Load().Sources["alpha"].Connection!;

        Assert.Equal(("1.3", RevocationCheck.Online), (connection.Tls!.Versions.Single(), connection.Tls.Revocation));
    }

    [Theory, InlineData("auth: none", "none", null), InlineData("auth: { kind: bearer, value: '${OTHER}' }", "bearer", "${OTHER}")]
    public void A_request_may_prove_itself_in_a_way_of_its_own(string text, string kind, string? value)
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Alpha, ConfigurationFolder.Valid[Alpha].Replace("      path: /v1/bars", $"      path: /v1/bars\n      {text}", StringComparison.Ordinal));

        var auth = folder.Load().Sources["alpha"].Datasets[0].Request!.Auth!;

        Assert.Equal((kind, value), (auth.Kind, auth["value"]));
    }

    [Theory]
    // names
    [InlineData(Alpha, "connection:", "conection:", Alpha + ":5: unknown property 'conection': did you mean 'connection'?", Alpha + ":1: a source of this kind needs a 'connection'.")]
    [InlineData(Every, "maxParallel: 2", "turbo: 2", Every + ":4: unknown property 'turbo': expected one of source, title, kind, enabled, notes, calendar, docs, licence, workflow, connection, manifest, config, datasets, members, maxParallel, schedule, fallbacks.")]
    [InlineData(Every, "maxParallel: 2", "kind: batch", Every + ":4: 'kind' is given twice; the first is on line 2.")]
    [InlineData(Alpha, "  baseUrl: https://api.example.org\n", "", Alpha + ":6: 'baseUrl' is missing.")]
    [InlineData(Beta, "kind: file\n", "", Beta + ":1: 'kind' is missing.")]
    // TLS
    [InlineData(Alpha, "  headers:", "  tls: { versions: ['1.1'] }\n  headers:", Alpha + ":11: expected '1.2', '1.3' or both; older versions are broken.")]
    [InlineData(Alpha, "  headers:", "  tls: { pins: [abc] }\n  headers:", Alpha + ":11: 'abc' is no pin: expected the SHA-256 of a public key, 44 characters of base64.")]
    [InlineData(Alpha, "  headers:", "  tls: { verify: false }\n  headers:", Alpha + ":11: unknown property 'verify': expected one of versions, ca, pins, revocation, serverName, clientCertificate.")]
    [InlineData(Alpha, "  headers:", "  tls: { clientCertificate: { pem: a, pfx: b } }\n  headers:", Alpha + ":11: a client certificate is exactly one of 'pem', 'pfx' and 'thumbprint'.")]
    // values
    [InlineData(Every, "maxParallel: 2", "maxParallel: two", Every + ":4: 'maxParallel' is 'two': expected a whole number from -2147483648 to 2147483647, without quotes.")]
    [InlineData(Every, "maxParallel: 2", "maxParallel: '2'", Every + ":4: 'maxParallel' is '2': expected a whole number from -2147483648 to 2147483647, without quotes.")]
    [InlineData(Every, "maxParallel: 2", "maxParallel: 99999999999", Every + ":4: 'maxParallel' is '99999999999': expected a whole number from -2147483648 to 2147483647, without quotes.")]
    [InlineData(Every, "maxParallel: 2", "maxParallel:", Every + ":4: 'maxParallel' is empty: expected a whole number from -2147483648 to 2147483647, without quotes.")]
    [InlineData(Alpha, "maxResponseBytes: 1048576", "maxResponseBytes: 1.5", Alpha + ":16: 'maxResponseBytes' is '1.5': expected a whole number from -9223372036854775808 to 9223372036854775807, without quotes.")]
    [InlineData(Alpha, "requestsPerSecond: 2.5", "requestsPerSecond: .inf", Alpha + ":14: 'requestsPerSecond' is '.inf': expected a number, without quotes.")]
    [InlineData(Alpha, "attemptTimeout: 500ms", "attemptTimeout: 30", Alpha + ":15: 'attemptTimeout' is '30': expected a length of time such as 500ms, 30s, 5m, 2h, 1d or 00:01:30.")]
    [InlineData(Alpha, "kind: api\n", "kind: apii\n", Alpha + ":3: 'kind' is 'apii': expected one of api, file, batch, stream, database (did you mean 'api'?).")]
    [InlineData(Alpha, "    kind: api-key\n", "", Alpha + ":8: authentication needs a 'kind' or a 'template'.")]
    [InlineData(Alpha, "  baseUrl: https://api.example.org", "  baseUrl: https://me:secret@api.example.org", Alpha + ":6: the address holds credentials: put them into 'auth', as references.")]
    [InlineData(Alpha, "    header: X-Api-Key", "    header: [[X-Api-Key]]", Alpha + ":9: 'header' is a list: expected text, a list of texts, or names with texts.")]
    [InlineData(Alpha, "docs: https://example.org/docs", "docs: /docs/x", Alpha + ":4: 'docs' is '/docs/x': expected an absolute address such as https://example.org/docs.")]
    [InlineData(Api, "useCache: true", "useCache: yes", Api + ":6: 'useCache' is 'yes': expected true or false.")]
    [InlineData(Bars, "minimum: 0", "minimum: none", Bars + ":6: 'minimum' is 'none': expected a number, without quotes.")]
    [InlineData(Alpha, "title: Alpha Markets", "title: [Alpha]", Alpha + ":2: 'title' is a list: expected text.")]
    [InlineData(Alpha, "fallbacks: [beta]", "fallbacks: beta", Alpha + ":39: 'fallbacks' is 'beta': expected a list.")]
    [InlineData(Alpha, "fallbacks: [beta]", "fallbacks: [~]", Alpha + ":39: 'fallbacks[0]' is empty: expected text.")]
    [InlineData(Alpha, "headers:\n    Accept: application/json", "headers: [Accept]", Alpha + ":11: 'headers' is a list: expected names with values.")]
    [InlineData(Alpha, "    Accept: application/json", "    Accept:", Alpha + ":12: 'headers.Accept' is empty: expected text.")]
    [InlineData(Alpha, "schedule:\n  cron: \"30 18 * * 1-5\"\n  timeZone: America/New_York", "schedule: daily", Alpha + ":36: 'schedule' is 'daily': expected a mapping of properties.")]
    // rules
    [InlineData(Every, "maxParallel: 2", "maxParallel: 0", Every + ":4: 'maxParallel' is 0: expected 1 to 100.")]
    [InlineData(Alpha, "requestsPerSecond: 2.5", "requestsPerSecond: 0", Alpha + ":14: 'requestsPerSecond' is 0: expected 0.01 to 100000.")]
    [InlineData(Alpha, "maxResponseBytes: 1048576", "maxResponseBytes: 0", Alpha + ":16: 'maxResponseBytes' is 0: expected at least 1.")]
    [InlineData(Alpha, "attemptTimeout: 500ms", "attemptTimeout: 2h", Alpha + ":15: 'attemptTimeout' is 2h: expected 100ms to 1h.")]
    [InlineData(Alpha, "      path: /v1/bars", "      path: /v1/bars\n      method: DELETE", Alpha + ":21: 'method' is 'DELETE': expected to match GET|POST|PUT.")]
    [InlineData(Alpha, "      path: /v1/bars", "      path: ''", Alpha + ":20: 'path' is empty: expected a value.")]
    [InlineData(Bars, "keys: [symbol, day]", "keys: []", Bars + ":2: 'keys' has 0 entries: expected at least 1.")]
    [InlineData(Bars, "keys: [symbol, day]", "keys: [symbol, date]", Bars + ":2: the key 'date' is not among the columns.")]
    [InlineData(Bars, "scale: 4", "scale: 20", Bars + ":6: scale 20 is above precision 18.")]
    [InlineData(Bars, "  currency:", "  _run: { type: string }\n  currency:", Bars + ":7: the column '_run' begins with '_', which is kept for lineage.")]
    [InlineData(Alpha, "baseUrl: https://api.example.org", "baseUrl: ftp://api.example.org", Alpha + ":6: 'ftp://api.example.org' is not an http or https address.")]
    [InlineData(Alpha, "      nextPath: next\n", "", Alpha + ":23: pagination by cursor needs a 'nextPath'.")]
    [InlineData(Alpha, "overlap: 2d", "overlap: 12h", Alpha + ":30: 'overlap' is '12h': expected whole days such as 2d.")]
    [InlineData(Alpha, "symbols: \"A,B\"", "symbols: \"{form}\"", Alpha + ":21: nothing stands for '{form}' in a request: did you mean 'from'?")]
    [InlineData(Alpha, "path: /v1/bars", "path: /v1/{symbol}", Alpha + ":20: nothing stands for '{symbol}' in a request: expected one of cursor, from, to, page.")]
    [InlineData(Alpha, "path: /v1/bars", "path: /v1/${TICKER}/{from:yyyyMMdd}/{to:unix-second}", Alpha + ":20: 'unix-second' in '{to:unix-second}' is no way to write days and instants: did you mean 'unix-seconds'?")]
    [InlineData(Alpha, "path: /v1/bars", "path: /v1/{page:000}", Alpha + ":20: '{page:000}' writes no day or instant: leave ':000' out.")]
    [InlineData(Alpha, "    cursor:\n", "    format: { format: csv }\n    cursor:\n", Alpha + ":22: 'next' lies nowhere: csv has records and nothing beside them.")]
    [InlineData(Alpha, "overlap: 2d", "format: MM-dd", Alpha + ":30: 'MM-dd' has no year: values are read in it too.")]
    [InlineData(Alpha, "overlap: 2d", "start: 2024", Alpha + ":30: 'start' is '2024': expected a day such as 2024-01-31.")]
    [InlineData(Alpha, "overlap: 2d", "step: 30d", Alpha + ":30: a 'step' needs a 'start', where the first window begins.")]
    [InlineData(Alpha, "    request:\n      path: /v1/bars\n      query: { symbols: \"A,B\" }\n", "", Alpha + ":18: the dataset 'bars' needs a 'request'.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "", Beta + ":4: the dataset 'bars' needs 'files', a pattern of file names such as '*.csv'.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n  - dataset: bars\n    files: \"*.txt\"\n", Beta + ":3: the dataset 'bars' is listed twice.")]
    [InlineData(Alpha, "symbol: { from: s }", "symbol: { from: s, constant: x }", Alpha + ":32: a column needs exactly one of 'from', 'template', 'constant', 'partition' and 'fileName'.")]
    [InlineData(Alpha, "  cron: \"30 18 * * 1-5\"\n", "", Alpha + ":37: a schedule needs exactly one of 'cron' and 'every'.")]
    [InlineData(Every, "members: [alpha, beta]", "members: []", Every + ":3: a batch source needs 'members'.")]
    // formats
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      options: { header: true }\n", Beta + ":7: options depend on the format: say which it is with 'format'.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      delimiter: ''\n", Beta + ":7: the delimiter has 0 characters: expected 1 to 8 and no line end.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      quote: '<<'\n", Beta + ":7: '<<' cannot stand around fields: expected one character that is not the delimiter, or none.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      escape: ab\n", Beta + ":7: 'ab' cannot escape a quote: expected one character that is not the delimiter.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      headerRows: 17\n", Beta + ":7: 'headerRows' is 17: expected 0 to 16.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      skipLines: -1\n", Beta + ":7: 'skipLines' is -1: expected 0 to 100000.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      footerLines: 1001\n", Beta + ":7: 'footerLines' is 1001: expected 0 to 1000.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      comment: ''\n", Beta + ":7: a comment has to begin with at least one character, on one line.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      encoding: utf-9\n", Beta + ":7: there is no encoding 'utf-9': expected an IANA name such as utf-8, utf-16 or windows-1252.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      nesting: deep\n", Beta + ":7: 'nesting' is 'deep': expected one of flatten, nested.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    format:\n      header: false\n      headerRows: 2\n", Beta + ":8: 'headerRows' is 2, but 'header' is false: leave one of them out.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    limits:\n      recordBytes: 1000\n", Beta + ":7: 'recordBytes' is 1000: expected 1024 to 1073741824.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    limits:\n      decompressedBytes: 1\n", Beta + ":7: 'decompressedBytes' is 1: expected 1048576 to 1125899906842624.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    limits:\n      depth: 0\n", Beta + ":7: 'depth' is 0: expected 1 to 1000.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    limits:\n      decompressionRatio: 0\n", Beta + ":7: 'decompressionRatio' is 0: expected 1 to 100000.")]
    [InlineData(Beta, "    files: \"*.csv\"\n", "    files: \"*.csv\"\n    limits:\n      columns: 100001\n", Beta + ":7: 'columns' is 100001: expected 1 to 100000.")]
    // references
    [InlineData(Beta, "source: beta", "source: betta", Beta + ":1: the id 'betta' differs from the file's name: expected 'beta', or the file to be called 'betta.yaml'.", Alpha + ":39: there is no source 'beta': did you mean 'betta'?", Every + ":3: there is no source 'beta': did you mean 'betta'?", Bars + ":8: there is no source 'beta': did you mean 'betta'?")]
    [InlineData(Beta, "dataset: bars", "dataset: bar", Beta + ":4: there is no dataset 'bar': did you mean 'bars'?")]
    [InlineData(Beta, "kind: file", "kind: file\nworkflow: files", Beta + ":3: there is no workflow 'files': did you mean 'file'?")]
    [InlineData(Beta, "kind: file", "kind: file\nworkflow: api", Beta + ":3: the workflow 'api' is for api sources: expected one for file.")]
    [InlineData(Alpha, "close: { from: c }", "closing: { from: c }", Alpha + ":34: the dataset 'bars' has no column 'closing': expected one of symbol, day, close, currency.")]
    [InlineData(Alpha, "      day: { from: d }\n", "", Alpha + ":31: the key column 'day' of the dataset 'bars' has no mapping.")]
    [InlineData(Bars, "currency: { type: string }", "currency: { type: string }\n  venue: { type: string, nullable: false }", Alpha + ":31: the column 'venue' of the dataset 'bars' has no mapping, but no row may lack it.")]
    [InlineData(Every, "members: [alpha, beta]", "members:\n  - alpha\n  - gamma", Every + ":5: there is no source 'gamma': expected one of alpha, beta, every.")]
    [InlineData(Every, "members: [alpha, beta]", "members: [alpha, every]", Every + ":3: 'every' is its own member: expected another source.")]
    [InlineData(Every, "members: [alpha, beta]", "members: [alpha, alpha]", Every + ":3: the member 'alpha' is listed twice.")]
    [InlineData(Alpha, "fallbacks: [beta]", "fallbacks: [alpha]", Alpha + ":39: 'alpha' is its own fallback: expected another source.")]
    [InlineData(Bars, "priority: [alpha, beta]", "priority: [alpha, bota]", Bars + ":8: there is no source 'bota': did you mean 'beta'?")]
    [InlineData(Bars, "close >= 0", "close", Bars + ":11: 'close' is not a rule: expected a column, one of < <= = >= >, and a column or a number, such as 'low <= high'.")]
    [InlineData(Bars, "close >= 0", "close >= low", Bars + ":11: the rule 'close >= low' speaks of 'low', which is not a column: expected one of symbol, day, close, currency.")]
    // YAML
    [InlineData(Every, "members: [alpha, beta]", "members: !!set [alpha, beta]", Every + ":3: the tag 'tag:yaml.org,2002:set' is not supported: expected a plain value.")]
    [InlineData(Every, "members: [alpha, beta]", "members: *ids", Every + ":3: there is no anchor '&ids' before this alias.", Every + ":3: 'members' is empty: expected a list.")]
    [InlineData(Every, "members: [alpha, beta]", "members: &ids [alpha, *ids]", Every + ":3: the alias '*ids' is inside what it stands for.", Every + ":3: 'members[1]' is empty: expected text.")]
    [InlineData(Every, "members: [alpha, beta]", "<<: {}", Every + ":3: merge keys ('<<') are not supported: write the properties out, or alias a whole value.", Every + ":1: a batch source needs 'members'.")]
    [InlineData(Every, "members: [alpha, beta]", "[a]: 1\nmembers: [alpha, beta]", Every + ":3: a name is a list: expected text before the colon.")]
    [InlineData(Every, "maxParallel: 2\n", "---\nsource: more\n", Every + ":4: a second document begins here: expected one document in a file.")]
    public void A_fault_is_reported_with_file_line_and_what_was_expected(string file, string find, string replacement, params string[] expected)
    {
        using var folder = new ConfigurationFolder();
        folder.Replace(file, find, replacement);

        Assert.Equal(expected.Order(StringComparer.Ordinal), folder.Faults().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", ":1: the file is empty.")]
    [InlineData("# nothing yet\n", ":1: the file is empty.")]
    [InlineData("just text", ":1: the file is 'just text': expected a mapping of properties.")]
    [InlineData("- a\n- b\n", ":1: the file is a list: expected a mapping of properties.")]
    public void A_file_that_holds_no_definition_is_a_fault(string text, string expected)
    {
        using var folder = new ConfigurationFolder();
        folder.Write("configs/sources/extra.yaml", text);

        Assert.Equal(["configs/sources/extra.yaml" + expected], folder.Faults());
    }

    [Theory]
    [InlineData("source: extra\nkind: [api\ndatasets: []\n", 2)]
    [InlineData("source: extra\n\tkind: api\n", 2)]
    [InlineData("source: extra\n kind: api\n", 2)]
    [InlineData("source: \"extra\nkind: api\n", 1)]
    public void A_syntax_error_names_its_line(string text, int line)
    {
        using var folder = new ConfigurationFolder();
        folder.Write("configs/sources/extra.yaml", text);

        var fault = Assert.Single(folder.Faults());
        Assert.StartsWith($"configs/sources/extra.yaml:{line}: not YAML", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quota_is_read_with_all_its_limits_and_checked()
    {
        using var folder = new ConfigurationFolder();
        const string Place = "    attemptTimeout: 500ms";
        string With(int burst) => Place + $"\n    hedgeAfter: 300ms\n    retryBudget: 0\n    quota:\n      key: alpha-key\n      permits: 1200\n      per: 1m\n      burst: {burst}\n      also: [{{ permits: 50000, per: 1d }}]";
        folder.Replace(Alpha, Place, With(100));

        var limits = folder.Load().Sources["alpha"].Connection!.Limits;

        Assert.Equal((TimeSpan.FromMilliseconds(300), 0, "alpha-key"), (limits.HedgeAfter!.Value, limits.RetryBudget, limits.Quota!.Key));
        Assert.Equal(
            [(1200, TimeSpan.FromMinutes(1)), (100, TimeSpan.FromSeconds(5)), (50000, TimeSpan.FromDays(1))],
            limits.Quota.Limits().Select(l => (l.Permits, l.Per)));

        folder.Replace(Alpha, Place, With(1201));
        Assert.Equal([Alpha + ":22: 'burst' is 1201: expected at most 'permits', which is 1200."], folder.Faults());
    }

    [Fact]
    public void All_faults_of_all_files_come_at_once_in_order()
    {
        using var folder = new ConfigurationFolder();
        folder.Replace(Alpha, "requestsPerSecond: 2.5\n    attemptTimeout: 500ms", "requestsPerSecond: fast\n    attemptTimeout: 30");
        folder.Replace(Bars, "minimumScore: 90", "minimumScore: 101");
        folder.Replace(Api, "heartbeat: 10s", "heartbeet: 10s");
        folder.Replace(Beta, "dataset: bars", "dataset: bar");

        Assert.Equal(
            [
                Bars + ":10: 'minimumScore' is 101: expected 0 to 100.",
                Alpha + ":14: 'requestsPerSecond' is 'fast': expected a number, without quotes.",
                Alpha + ":15: 'attemptTimeout' is '30': expected a length of time such as 500ms, 30s, 5m, 2h, 1d or 00:01:30.",
                Beta + ":4: there is no dataset 'bar': did you mean 'bars'?",
                Api + ":3: unknown property 'heartbeet': did you mean 'heartbeat'?",
            ],
            folder.Faults());
    }

    [Fact]
    public void An_unreadable_file_does_not_make_others_look_broken()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Bars, "dataset: [\n");

        var fault = Assert.Single(folder.Faults());
        Assert.StartsWith(Bars + ":2: not YAML", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_that_contain_each_other_are_reported_once()
    {
        using var folder = new ConfigurationFolder();
        folder.Write("configs/sources/all.yaml", "source: all\nkind: batch\nmembers: [every]\n");
        folder.Write(Every, "source: every\nkind: batch\nmembers:\n  - third\n");
        folder.Write("configs/sources/third.yaml", "source: third\nkind: batch\nmembers:\n  - alpha\n  - all\n");

        Assert.Equal(["configs/sources/all.yaml:3: the members go round in a circle: all → every → third → all."], folder.Faults());
    }

    [Fact]
    public void Two_files_must_not_claim_one_id()
    {
        using var folder = new ConfigurationFolder();
        folder.Write("configs/sources/zeta.yaml", ConfigurationFolder.Valid[Beta]);

        Assert.Equal(2, folder.Faults().Count);
        Assert.Contains(folder.Faults(), f => f.EndsWith("zeta.yaml:1: the id 'beta' is also claimed by " + Beta + ".", StringComparison.Ordinal) || f.Contains("is also claimed by", StringComparison.Ordinal));
    }

    [Fact]
    public void An_alias_may_repeat_a_value_and_faults_point_to_where_it_is_used()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Api, "workflow: api\nfor: api\ncollect: &step\n  deadline: 10m\nconvert: *step\n");
        Assert.Equal(TimeSpan.FromMinutes(10), folder.Load().Workflows["api"].Convert.Deadline);

        folder.Write(Api, "workflow: api\nfor: &for api\nheartbeat: *for\n");
        Assert.StartsWith(Api + ":3: 'heartbeat' is 'api'", Assert.Single(folder.Faults()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_explodes_by_aliases_is_refused()
    {
        using var folder = new ConfigurationFolder();
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
            bomb.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        folder.Write(Every, bomb.ToString());

        Assert.Contains(folder.Faults(), f => f.Contains("more than 50000 values, aliases counted as often as they are used.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_nested_too_deeply_is_refused()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Every, "source: " + new string('[', 20_000));

        Assert.Contains(Every + ":1: nested deeper than 32 levels.", folder.Faults());
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Every, new string('#', (1 << 20) + 1));

        Assert.Contains(Every + ": the file has 1048577 bytes: expected at most 1048576.", folder.Faults());
    }

    [Fact]
    public void A_file_that_is_not_UTF8_names_the_line()
    {
        using var folder = new ConfigurationFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, Every), [.. "source: every\ntitle: "u8, 0xE9, .. "\n"u8]);

        Assert.Contains(Every + ":2: the file is not UTF-8 here: expected text in UTF-8.", folder.Faults());
    }

    [Fact]
    public void A_byte_order_mark_and_Windows_line_ends_are_fine()
    {
        using var folder = new ConfigurationFolder();
        folder.Write(Every, "\uFEFF" + ConfigurationFolder.Valid[Every].ReplaceLineEndings("\r\n"));

        Assert.Equal(2, folder.Load().Sources["every"].MaxParallel);
    }

    [Fact]
    public void A_file_with_another_extension_for_YAML_is_not_passed_over_in_silence()
    {
        using var folder = new ConfigurationFolder();
        folder.Write("configs/sources/gamma.yml", "source: gamma\n");
        folder.Write("configs/sources/README.md", "# Sources\n");

        Assert.Equal(["configs/sources/gamma.yml: expected the extension '.yaml'; the file is not read."], folder.Faults());
    }

    [Fact]
    public void A_missing_folder_is_a_fault()
    {
        using var folder = new ConfigurationFolder();
        Directory.Delete(Path.Combine(folder.Path, "configs", "datasets"), recursive: true);

        Assert.Contains(folder.Faults(), f => f.StartsWith("configs/datasets: expected a folder with datasets", StringComparison.Ordinal));
    }

    [Fact]
    public void Further_checks_get_the_line_of_what_they_find()
    {
        using var folder = new ConfigurationFolder();

        var faults = folder.Faults(configuration =>
        [
            new(configuration.Sources["alpha"].Schedule!, nameof(ScheduleDefinition.TimeZone), "no such zone."),
            new(configuration.Sources["alpha"], "Datasets[0].Columns[close].From", "no such field."),
            new(configuration.Sources["alpha"], "Connection.Probe", "not there: the line of the deepest part that is."),
            new(configuration.Datasets["bars"], "", "the whole."),
        ]);

        Assert.Equal(
            [
                Bars + ":1: the whole.",
                Alpha + ":5: not there: the line of the deepest part that is.",
                Alpha + ":34: no such field.",
                Alpha + ":38: no such zone.",
            ],
            faults);
    }

    [Fact]
    public void A_check_is_not_heard_about_a_member_that_has_a_fault_of_its_own()
    {
        using var folder = new ConfigurationFolder();
        folder.Replace(Alpha, "cron: \"30 18 * * 1-5\"", "cron: [1]");

        var faults = folder.Faults(configuration => [new(configuration.Sources["alpha"].Schedule!, nameof(ScheduleDefinition.Cron), "no cron expression.")]);

        Assert.Equal([Alpha + ":37: 'cron' is a list: expected text."], faults);
    }

    [Fact]
    public void The_configuration_of_the_repository_loads()
    {
        var root = ConfigurationRegistration.Locate(AppContext.BaseDirectory, "configs");

        Assert.NotEmpty(ConfigurationLoader.Load(root, Path.Combine(root, "..", "workflows")).Sources);
    }

    [Fact]
    public void A_folder_is_looked_for_in_the_root_and_then_in_its_parents()
    {
        using var folder = new ConfigurationFolder();
        var app = Directory.CreateDirectory(Path.Combine(folder.Path, "a", "b")).FullName;

        Assert.Equal(Path.Combine(folder.Path, "configs"), ConfigurationRegistration.Locate(app, "configs"));
        Assert.Equal(Path.Combine(app, "nowhere"), ConfigurationRegistration.Locate(app, "nowhere"));
        Assert.Equal(Path.Combine(folder.Path, "x"), ConfigurationRegistration.Locate(app, Path.Combine(folder.Path, "x")));
    }
}
