using Microsoft.Extensions.Time.Testing;

namespace DataIngestion.Collect.Tests.LowCode;

/// <summary>No template runs for ever, fills the memory, or sees more than it is given.</summary>
public sealed class TemplateLimitTests
{
    [Theory]
    [InlineData("{{ 'a' * 999999999 }}")]
    [InlineData("{{ [0] * 999999999 }}")]
    [InlineData("{{ 10 ** (10 ** 10) }}")]
    [InlineData("{{ 'x'.ljust(999999999) }}")]
    [InlineData("{{ 'x'.zfill(999999999) }}")]
    [InlineData("{{ '%999999999d' % 1 }}")]
    [InlineData("{{ '{:999999999}'.format(1) }}")]
    [InlineData("{{ 'x' | center(999999999) }}")]
    [InlineData("{% set l = ['x'] %}{% for i in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% set _ = l.extend(l) %}{% endfor %}{{ l | length }}")]
    [InlineData("{% set s = namespace(t='ab') %}{% for i in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% set s.t = s.t ~ s.t %}{% endfor %}{{ s.t }}")]
    [InlineData("{% set n = namespace(t=2) %}{% for i in 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' %}{% set n.t = n.t * n.t %}{% endfor %}{{ n.t }}")]
    [InlineData("{% set a = [] %}{% set _ = a.append(a) %}{{ a }}")]
    [InlineData("{% set a = [] %}{% set _ = a.append(a) %}{{ a == [a] }}{{ a | tojson }}")]
    [InlineData("{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_search('((a+)+)+$') }}")]
    public void Work_without_end_is_stopped(string source)
    {
        var stopped = Assert.Throws<TemplateException>(() => Evaluate(source));

        Assert.Contains("template '", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_inside_loops_end()
    {
        var source = string.Concat(Enumerable.Repeat("{% for a in config.many %}", 5)) + "x" + string.Concat(Enumerable.Repeat("{% endfor %}", 5));

        var stopped = Assert.Throws<TemplateException>(() => Evaluate(source));

        Assert.Contains("steps", stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('(', ')'), InlineData('[', ']'), InlineData('{', '}')]
    public void Nesting_has_a_bound(char open, char close)
    {
        Assert.Throws<TemplateSyntaxException>(() => Template.Parse($"{{{{ {new string(open, 5000)}1{new string(close, 5000)} }}}}"));
        Assert.Throws<TemplateSyntaxException>(() => Template.Parse($"{{{{ {string.Concat(Enumerable.Repeat("not ", 5000))}1 }}}}"));
        Assert.Throws<TemplateSyntaxException>(() => Template.Parse($"{{{{ {new string('-', 5000)}1 }}}}"));
        Assert.Throws<TemplateSyntaxException>(() => Template.Parse(string.Concat(Enumerable.Repeat("{% if a %}", 5000))));
        if (open != '{')
            Assert.IsType<string>(Template.Parse(new string(open, 5000) + new string(close, 5000)).Evaluate(Context()));
    }

    [Theory]
    [InlineData("{{ ''.__class__ }}")]
    [InlineData("{{ config.__init__ }}")]
    [InlineData("{{ [].__class__.__base__.__subclasses__() }}")]
    [InlineData("{{ ''['__class__'] }}")]
    [InlineData("{{ now_utc().__class__ }}")]
    [InlineData("{{ '{0.__class__}'.format(1) }}")]
    [InlineData("{{ __import__('os') }}")]
    [InlineData("{{ env('HOME') }}")]
    [InlineData("{{ open('/etc/passwd').read() }}")]
    [InlineData("{% import 'os' as os %}")]
    [InlineData("{% include '/etc/passwd' %}")]
    [InlineData("{% extends 'x' %}")]
    [InlineData("{{ range(10) }}")]
    [InlineData("{{ config.update({'a': 1}) }}")]
    [InlineData("{{ config.pop('secret') }}")]
    public void What_is_not_given_cannot_be_reached(string source) => Assert.ThrowsAny<TemplateException>(() => Evaluate(source));

    [Theory]
    [InlineData("{{ config['a' }}", "column 15", "expected ']', got '}'")]
    [InlineData("{{ config.a | uper }}", "column 15", "did you mean 'upper'?")]
    [InlineData("a\nb {{ 1 +", "line 2, column 3", "expected '}}'")]
    [InlineData("{% if x %}", "column 11", "expected '{% endif %}'")]
    [InlineData("{% macro m() %}{% endmacro %}", "column 4", "'macro' is not supported")]
    [InlineData("{{ a ! b }}", "column 6", "'!' has no meaning here")]
    [InlineData("{{ 1 is nummber }}", "column 9", "did you mean 'number'?")]
    public void A_fault_names_the_place_and_what_was_expected(string source, string place, string expected)
    {
        var fault = Assert.Throws<TemplateSyntaxException>(() => Template.Parse(source));

        Assert.Contains(place, fault.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_there_is_named_with_those_that_are()
    {
        var fault = Assert.Throws<TemplateException>(() => Evaluate("{{ confg.a }}"));

        Assert.Contains("there is no 'confg' here: did you mean 'config'?", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_without_meaning_leaves_the_text_and_says_so()
    {
        var told = new List<string>();
        var context = new TemplateContext(new Dictionary<string, object?>(StringComparer.Ordinal) { ["record"] = new LowCodeMap { ["a"] = null } }, new FakeTimeProvider(), new Random(1)) { Unevaluated = told.Add };

        var value = Template.Parse("{{ record['a'] + 1 }}").Evaluate(context);

        Assert.Equal("{{ record['a'] + 1 }}", value);
        Assert.Contains("'+' has no meaning for none and a whole number", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_randomness_gives_the_same_ids()
    {
        var template = Template.Parse("{{ generate_uuid() }}");

        Assert.Equal(template.Evaluate(Context()), template.Evaluate(Context()));
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", (string)template.Evaluate(Context())!);
    }

    [Fact]
    public void Figures_stay_exact()
    {
        var record = (LowCodeMap)JsonText.Read("""{"price": 185.64000000000000001, "count": 123456789012345678901234567890}""")!;
        var context = Context().With(("record", record));

        Assert.Equal(185.64000000000000001m, Template.Parse("{{ record.price }}").Evaluate(context));
        Assert.Equal("123456789012345678901234567890", Template.Parse("{{ record.count }}").Text(context));
    }

    static object? Evaluate(string source) => Template.Parse(source).Evaluate(Context());

    static TemplateContext Context() => new(
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["config"] = new LowCodeMap { ["secret"] = "${KEY}", ["many"] = Enumerable.Repeat<object?>(1L, 100).ToList() }.Frozen(), ["x"] = 1L, ["a"] = 1L },
        new FakeTimeProvider(new(2024, 1, 5, 10, 0, 0, TimeSpan.Zero)), new Random(7));
}

static class LowCodeMaps
{
    public static LowCodeMap Frozen(this LowCodeMap map) => new(map) { IsFrozen = true };
}
