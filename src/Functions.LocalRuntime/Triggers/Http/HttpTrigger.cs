using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace DataIngestion.LocalRuntime.Triggers.Http;

/// <summary>A function that answers HTTP requests.</summary>
/// <param name="Route">The full template, with the prefix of host.json.</param>
/// <param name="Methods">Upper case; empty for any.</param>
internal sealed record HttpTrigger(RoutePattern Route, IReadOnlyList<string> Methods, AuthorizationLevel Level)
    : TriggerBinding("httpTrigger", Describe(Route, Methods))
{
    public override IReadOnlySet<string> DataNames { get; } = Route.Parameters.Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public static HttpTrigger? Create(HttpTriggerAttribute attribute, TriggerSite site)
    {
        if (attribute.AuthLevel == AuthorizationLevel.User)
            site.Fault("the level User is not offered by the Functions host; Anonymous, Function, System or Admin was expected.");
        var prefix = site.App.HostJson.RoutePrefix;
        var own = site.Resolve(attribute.Route ?? site.Function).Trim('/');
        if (prefix.Length == 0 && (own.StartsWith("admin", StringComparison.OrdinalIgnoreCase) || own.StartsWith("runtime", StringComparison.OrdinalIgnoreCase)))
            site.Fault($"the route '{own}' begins with 'admin' or 'runtime', which belong to the host.");

        try
        {
            var route = RoutePatternFactory.Parse($"/{prefix}/{own}".Replace("//", "/", StringComparison.Ordinal).TrimEnd('/') is { Length: > 0 } path ? path : "/");
            return new(route, [.. (attribute.Methods ?? []).Select(m => m.ToUpperInvariant()).Distinct(StringComparer.Ordinal)], attribute.AuthLevel);
        }
        catch (RoutePatternException wrong)
        {
            site.Fault($"'{own}' is not a route template: {wrong.Message}");
            return null;
        }
    }

    public override ParameterBinder? BindTrigger(TriggerSite site)
    {
        if (site.Parameter.ParameterType == typeof(HttpRequest))
            return context => ValueTask.FromResult<object?>(((HttpContext)context.Payload).Request);
        return site.Parameter.IsDefined(typeof(FromBodyAttribute), inherit: true)
            ? BindBody(site.Parameter, site)
            : site.WrongType("HttpRequest (or a class with [FromBody])");
    }

    public override ParameterBinder? BindPlain(ParameterInfo parameter, TriggerSite site, Action<string> fault)
    {
        if (parameter.IsDefined(typeof(FromBodyAttribute), inherit: true))
            return BindBody(parameter, site);
        if (parameter.ParameterType == typeof(HttpContext))
            return context => ValueTask.FromResult<object?>((HttpContext)context.Payload);
        return base.BindPlain(parameter, site, fault);
    }

    static ParameterBinder BindBody(ParameterInfo parameter, TriggerSite site)
    {
        var serializer = site.App.Serializer;
        return async context =>
        {
            try
            {
                return await serializer.DeserializeAsync(((HttpContext)context.Payload).Request.Body, parameter.ParameterType, context.CancellationToken);
            }
            catch (System.Text.Json.JsonException wrong)
            {
                throw new BindingException($"the body is not JSON that fits: {wrong.Message}", wrong);
            }
        };
    }

    static string Describe(RoutePattern route, IReadOnlyList<string> methods) =>
        $"{(methods.Count == 0 ? "*" : string.Join(',', methods))} {route.RawText}";
}
